import type { ContactState } from '../../state/views.ts';

// The sentences of the dialogs behind 'Contact options', and of chats that are over: they load when needed.

export const contact = {
  end: {
    heading: 'End this relationship?',
    note: '{name} will be told that it is over, and neither of you can write any more. What was said stays here to read.',
  },
  block: {
    heading: 'Block this contact?',
    note: 'What {name} writes from now on is thrown away unread, and you cannot write either. {name} is not told, and you can unblock them at any time.',
  },
  move: {
    heading: 'Get a new address?',
    note: 'Parley makes you a new address for this chat and tells {name}; the chat goes on as before. A day after {name} first uses it, the old one stops working.',
    noteVerified: 'The safety code changes too: compare it again.',
    done: 'You have a new address. {name} is being told.',
    doneOffline: 'You have a new address. {name} will be told when you are online.',
    noMailbox: 'Parley has no mailbox yet to give you an address at.',
  },
  remove: {
    heading: 'Delete this chat?',
    noteOpen: 'All messages with {name} are deleted on this device. {name} stays a contact.',
    noteEnded: 'All messages with {name} are deleted on this device, and so is the contact.',
  },
  verify: {
    heading: 'Compare the safety code',
    lead: 'Ask {name} to open “Verify” too, and compare these numbers with those on the other screen, side by side or in a call. If they are the same, nobody stands between you.',
    code: 'Safety code',
    qr: 'Safety code as a picture',
    picture: 'The picture holds the same numbers, for a phone’s camera to read.',
    unsettled: '{name} may not have heard of your new address yet, and then sees other numbers.',
    changed: 'You verified {name} before an address changed. Compare once more.',
    same: 'They are the same',
    done: '{name} is verified.',
  },
} as const;

/** Of ended relationships: who ended it, and who knows; of one that never began, why. */
export const ended: Readonly<Partial<Record<ContactState, string>>> = {
  void: 'This code does not work any more: it was already used or withdrawn, or its time is over. Ask {name} for a new one.',
  ending: 'You ended this relationship. {name} will be told.',
  // Their mailbox took it: when they read it, nobody says any more.
  ended:
    'You ended this relationship. {name} was told through their mailbox, and reads it when next online.',
  untold: 'You ended this relationship. {name} could not be told: their mailbox did not take it.',
  left: '{name} ended this relationship. If you doubt it, ask them in another way.',
};

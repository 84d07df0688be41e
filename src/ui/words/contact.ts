import type { ContactState } from '../../state/views.ts';

// The sentences of the dialogs behind 'Contact options', and of chats that are over: they load when needed.

export const contact = {
  end: {
    heading: 'Leave for good?',
    note: '{name} is told that it is over, both addresses are given up, and neither of you can write any more; what was said stays here to read.',
  },
  block: {
    heading: 'Hear nothing more?',
    note: 'What {name} writes from now on is thrown away unread. Nobody is told.',
  },
  remove: {
    heading: 'Forget what was said?',
    noteOpen: 'All messages with {name} are deleted on this device. {name} stays a contact.',
    noteEnded: 'All messages with {name} are deleted on this device, and so is the contact.',
  },
  verify: {
    heading: 'Compare the safety code',
    lead: 'Compare these numbers with {name}, side by side or in a call. If they are the same on both screens, nobody stands between you.',
    code: 'Safety code',
    qr: 'Safety code as a picture',
    unsettled: '{name} may not have heard of your new address yet, and then sees other numbers.',
    changed: 'You verified {name} before an address changed. Compare once more.',
    same: 'They are the same',
    done: '{name} is verified.',
  },
} as const;

/** Of ended relationships: who ended it, and who knows. */
export const ended: Readonly<Partial<Record<ContactState, string>>> = {
  ending: 'You ended this relationship. {name} will be told.',
  ended: 'You ended this relationship. {name} was told.',
  untold: 'You ended this relationship. {name} could not be told: their mailbox did not take it.',
  left: '{name} ended this relationship. If you doubt it, ask them in another way.',
};

import type { CodeFault } from '../../state/views.ts';
import { fill } from './fill.ts';

export const connect = {
  claimedNote: 'Anyone can choose any name. Accept only if you know where this code comes from.',
  goal: 'Purpose',
  mailbox: 'Their mailbox',
  expires: 'Works until',
  offline: 'You are offline. If you accept now, Parley connects you when you are online again.',
  elsewhereHeading: 'Open this link?',
  elsewhere: 'The invitation lies at {name}. Parley asks there for it when you continue.',
  continue: 'Continue',
  openingHeading: 'Opening the invitation',
  opening: 'Opening…',
  opensOnline: 'Opens when online',
  openingNote: 'It comes from {name}. You can leave this page: it waits for you in your chats.',
  faultHeading: 'This code cannot be used',
  noMailbox:
    'Parley has not found a mailbox for you yet, so there is no address to give. Go online once, then accept again.',
} as const;

/** The sentence for a code that cannot be used. */
export function faultWords(fault: CodeFault): string {
  switch (fault.kind) {
    case 'not-an-invitation':
      return 'This is not an invitation.';
    case 'unsupported':
      return unsupported[fault.what];
    case 'unknown-request':
      return 'This invitation brings a request that Parley cannot answer.';
    case 'unsigned':
      return 'The signature of this invitation is not that of its sender. Do not trust it.';
    case 'no-answer':
      return 'The address of this link does not give its invitation. Try later, or ask for a long link.';
    case 'withdrawn':
      return 'This code was already used or withdrawn, or its time is over. Ask for a new one.';
    case 'mailbox':
      return 'This code belongs to a mailbox, not to a person. Ask the person for their own code.';
    case 'malformed':
      return 'This invitation is damaged: its sender cannot be read. Ask for a new one.';
    case 'unreachable':
      return 'This invitation names no address that Parley can write to. Ask for a new one.';
    case 'expired':
      return 'This invitation has expired. Ask for a new one.';
    case 'too-large':
      return 'This is too long to be an invitation.';
    case 'own':
      return 'This is your own invitation. Let somebody else scan it.';
    case 'own-over':
      return 'This is your own invitation, and it lets nobody in any more.';
    case 'known':
      return fill('You already know {name}.', { name: fault.name });
  }
}

const unsupported = {
  'older-wallet':
    'This invitation was made by an older kind of wallet, which Parley cannot answer.',
  'other-protocol': 'This invitation asks for something that Parley cannot do.',
} as const;

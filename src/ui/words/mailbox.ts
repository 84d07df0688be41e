import type { MailboxFault, MailboxView } from '../../state/views.ts';
import { fill } from './fill.ts';

type Ready = Extract<MailboxView, { kind: 'ready' }>;

const healths: Readonly<Record<Ready['health'], string>> = {
  working: 'working',
  unreachable: 'does not answer; Parley keeps trying',
  refused: 'does not accept this device; Parley keeps trying',
};

const login = 'asks for an account of its own; Parley cannot use it.';

const faults: Readonly<Record<MailboxFault, string>> = {
  'in-use': 'This is the mailbox that you use already.',
  'no-offer': 'This is no code of a mailbox. Ask whoever runs the mailbox for its invitation.',
  unreachable: 'This code names no address that Parley can reach. Ask for a new one.',
  login: `This mailbox ${login}`,
  'no-mailbox': 'There is no mailbox at this address. Ask whoever runs it for its invitation.',
  'no-answer':
    'This address does not answer Parley. Check it, or ask whoever runs the mailbox for its invitation.',
};

export const mailbox = {
  lead: 'A mailbox keeps messages for you while Parley is closed. It cannot read them.',
  host: 'Mailbox at',
  name: 'Calls itself',
  health: 'State',
  healths,
  live: 'Messages arrive',
  liveNow: 'at once, while Parley is open',
  liveLater: 'when Parley asks for them',
  polled: 'every few seconds, while Parley is open',
  fetched: 'Last asked',
  never: 'not yet',
  waiting: 'Waiting there',
  nothingWaits: 'nothing, when last asked',
  unknown: 'not known',
  details: 'Technical details',
  detailsLead:
    'The DIDComm standard calls a mailbox a mediator. Its DID is its address; your contacts’ messages go through its routing DID.',
  mediatorDid: 'DID of the mediator',
  routingDid: 'Routing DID',
  speaks: 'Protocols',
  versions: (mediation: string, pickup: string): string =>
    fill('coordinate-mediation {mediation}, message pickup {pickup}', { mediation, pickup }),
  moveHeading: 'Move elsewhere',
  moveLead:
    'You can move to a mailbox that somebody else runs. Your contacts are told automatically, and your chats stay here.',
  move: 'Move to another mailbox',
  moveHow: 'Paste its invitation, or its address: https://mailbox.example.org',
  link: 'Invitation or address',
  linkMissing: 'Paste the invitation of a mailbox, or its address, first.',
  asking: 'Asking {name}…',
  askingOffline: 'You are offline. Parley asks {name} when you are online again.',
  scanIt: 'Scan its code',
  question: 'Use this mailbox?',
  offeredAt: 'It is at',
  questionNote:
    'Whoever runs it sees when messages come for you and how large they are, never what they say or who wrote them. Parley goes on asking the old mailbox until your contacts use the new one.',
  offline: 'You are offline. Parley moves when you are online again.',
  use: 'Use this mailbox',
  moving: 'Moving to {name}…',
  movingUnreachable:
    '{name} does not answer. Parley keeps trying, and stays where it is meanwhile.',
  stay: 'Stay where I am',
  moveRefused: {
    refused: 'The mailbox that you chose does not accept this device. Nothing has changed.',
    login: `The mailbox that you chose ${login} Nothing has changed.`,
  },
  leftHeading: 'Left behind',
  leftLead: 'Somebody may still write there, so Parley asks them for messages too.',
  users: 'Still used by',
  until: 'Given up at the latest',
  faults,
} as const;

export function noMailboxWords(
  lastError: Extract<MailboxView, { kind: 'none' }>['lastError'],
): string {
  switch (lastError) {
    case undefined:
      return 'Parley is looking for a mailbox.';
    case 'offline':
      return 'No mailbox yet: this device is offline. Parley tries again when you are online.';
    case 'unreachable':
      return 'No mailbox yet: it does not answer. Parley keeps trying.';
    case 'refused':
      return 'No mailbox yet: it refused this device. Parley tries again later.';
    case 'login':
      return `No mailbox yet: it ${login}`;
  }
}

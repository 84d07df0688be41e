import { letter, PING, PROFILE, RECEIPTS, textLetter } from '../foreign.ts';
import { STRAIGHT, type HostileMail } from './mail.ts';

/** R24: who has no live invitation is not heard. */
export const strangers: readonly HostileMail[] = [
  [
    'a stranger writes to a contact’s address',
    'invite',
    ({ mallory, bobsAlice }) => textLetter(mallory, bobsAlice, 'hi'),
  ],
  [
    'a stranger writes to an invitation without naming it',
    'invite',
    ({ mallory, open }) => textLetter(mallory, open.did, 'hi'),
  ],
  [
    'a stranger names an invitation that does not exist',
    'invite',
    ({ mallory, open }) => textLetter(mallory, open.did, 'hi', { pthid: crypto.randomUUID() }),
  ],
  [
    'a stranger names the invitation by its row id',
    'invite',
    ({ mallory, open }) => textLetter(mallory, open.did, 'hi', { pthid: open.rowId }),
  ],
  [
    'a stranger names the open invitation at a contact’s address',
    'invite',
    ({ mallory, open, bobsAlice }) => textLetter(mallory, bobsAlice, 'hi', { pthid: open.oobId }),
  ],
  [
    'a stranger names the open invitation at the address of a used one',
    'invite',
    ({ mallory, open, used }) => textLetter(mallory, used.did, 'hi', { pthid: open.oobId }),
  ],
  [
    'a stranger answers an invitation that just ended',
    'invite',
    ({ mallory, expired }) => textLetter(mallory, expired.did, 'hi', { pthid: expired.oobId }),
  ],
  [
    'a stranger answers an invitation that ended long ago',
    'not-for-us',
    ({ mallory, retired }) => textLetter(mallory, retired.did, 'hi', { pthid: retired.oobId }),
    STRAIGHT, // its address and keys were given back
  ],
  [
    'a stranger answers a used invitation',
    'invite',
    ({ mallory, used }) => textLetter(mallory, used.did, 'hi', { pthid: used.oobId }),
  ],
  [
    'a stranger answers a used invitation by thid',
    'invite',
    ({ mallory, used }) => textLetter(mallory, used.did, 'hi', { thid: used.oobId }),
  ],
  [
    'who was declined writes again',
    'not-for-us',
    ({ decliner, declined }) =>
      textLetter(decliner, declined.did, 'please', { pthid: declined.oobId }),
    STRAIGHT,
  ],
  [
    'a stranger sends receipts',
    'invite',
    ({ mallory, bobsAlice }) =>
      letter(mallory, bobsAlice, RECEIPTS, { receipts: [{ message_id: 'x', state: 'received' }] }),
  ],
  [
    'a stranger sends a profile',
    'invite',
    ({ mallory, bobsAlice }) =>
      letter(mallory, bobsAlice, PROFILE, { profile: { displayName: 'Bob' } }),
  ],
  [
    'a stranger pings',
    'invite',
    ({ mallory, bobsAlice }) => letter(mallory, bobsAlice, PING, { response_requested: true }),
  ],
];

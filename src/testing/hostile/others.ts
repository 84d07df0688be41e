import { asAttachments, letter, TEXT, textLetter } from '../foreign.ts';
import { jwe, STRAIGHT, type HostileMail } from './mail.ts';

/** Ways in that are not for contacts, and what is larger than anything honest. */
export const otherDoors: readonly HostileMail[] = [
  // other doors
  [
    'text to the account at the mediator',
    'not-for-us',
    ({ bob, accountDid }) => textLetter(bob, accountDid, 'x'),
    STRAIGHT,
  ],
  [
    'a delivery that a stranger wrote to the account',
    'not-for-us',
    async ({ bob, mallory, accountDid, bobsAlice }) =>
      letter(
        mallory,
        accountDid,
        'https://didcomm.org/messagepickup/3.0/delivery',
        {},
        { attachments: asAttachments([await textLetter(bob, bobsAlice, 'x')]) },
      ),
    STRAIGHT,
  ],
  [
    'what Alice herself sent',
    'not-for-us',
    ({ bob, mallory }) => textLetter(mallory, bob.did, 'mirror'),
  ],
  // caps
  [
    'an id of 300 characters',
    'id',
    ({ bob, bobsAlice }) => textLetter(bob, bobsAlice, 'x', { id: 'a'.repeat(300) }),
  ],
  [
    '21 attachments',
    'attachments',
    ({ bob, bobsAlice }) =>
      textLetter(bob, bobsAlice, 'x', {
        attachments: Array.from({ length: 21 }, () => ({ data: { json: {} } })),
      }),
  ],
  [
    'a body of lists in lists',
    'too-deep',
    ({ bob, bobsAlice }) =>
      jwe(
        bob,
        bobsAlice,
        `{"id":"1","type":"${TEXT}","from":"${bob.did}","body":{"content":${'['.repeat(80)}${']'.repeat(80)}}}`,
      ),
  ],
];

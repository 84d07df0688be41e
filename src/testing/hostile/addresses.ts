import { plaintext, publicFace, seal, TEXT, textLetter } from '../foreign.ts';
import { forgeJwe } from '../forge.ts';
import type { HostileMail } from './mail.ts';

/** R5, R16: an address belongs to one contact. */
export const wrongAddresses: readonly HostileMail[] = [
  [
    'a contact writes to the address made for another',
    'to',
    ({ bob, carolsAlice }) => textLetter(bob, carolsAlice, 'who reads this?'),
  ],
  [
    'a contact writes to the address, and to names another',
    'to',
    ({ bob, bobsAlice, carolsAlice }) =>
      seal(bob, bobsAlice, plaintext(bob, carolsAlice, TEXT, { content: 'x' })),
  ],
  [
    'a contact writes to the open invitation without naming it',
    'to',
    ({ bob, open }) => textLetter(bob, open.did, 'x'),
  ],
  [
    'a contact answers another invitation under its known DID',
    'to',
    ({ bob, open }) => textLetter(bob, open.did, 'x', { pthid: open.oobId }),
  ],
  [
    'an envelope for two addresses of the wallet',
    'recipients',
    async ({ bob, bobsAlice, carolsAlice }) =>
      forgeJwe({
        content: plaintext(bob, bobsAlice, TEXT, { content: 'x' }),
        from: bob.agreement,
        to: [(await publicFace(bobsAlice)).agreement, (await publicFace(carolsAlice)).agreement],
      }),
  ],
];

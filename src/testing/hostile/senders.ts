import { plaintext, seal, TEXT } from '../foreign.ts';
import { forgeJws } from '../forge.ts';
import { anon, jwe, STRAIGHT, type HostileMail } from './mail.ts';

/** R2, R4, R8: who wrote is what the envelope proves, not what the message says. */
export const poses: readonly HostileMail[] = [
  [
    'a stranger says to be a contact',
    'from-skid',
    ({ bob, mallory, bobsAlice }) =>
      seal(mallory, bobsAlice, plaintext(bob, bobsAlice, TEXT, { content: 'x' })),
  ],
  [
    'a contact says to be another contact',
    'from-skid',
    ({ bob, carol, carolsAlice }) =>
      seal(bob, carolsAlice, plaintext(carol, carolsAlice, TEXT, { content: 'x' })),
  ],
  [
    'text from nobody',
    'anon-chat',
    ({ bobsAlice }) =>
      anon(bobsAlice, { id: '1', type: TEXT, to: [bobsAlice], body: { content: 'boo' } }),
  ],
  [
    'text from nobody who says to be a contact',
    'anon-chat',
    ({ bob, bobsAlice }) => anon(bobsAlice, plaintext(bob, bobsAlice, TEXT, { content: 'boo' })),
  ],
  [
    'text that a contact signed but did not authenticate',
    'anon-chat',
    async ({ bob, bobsAlice }) =>
      anon(
        bobsAlice,
        await forgeJws({
          content: plaintext(bob, bobsAlice, TEXT, { content: 'boo' }),
          by: bob.signing,
        }),
      ),
  ],
  [
    'text that a contact signed, in the open',
    'anon-chat',
    ({ bob, bobsAlice }) =>
      forgeJws({
        content: plaintext(bob, bobsAlice, TEXT, { content: 'boo' }),
        by: bob.signing,
      }),
    STRAIGHT,
  ],
  [
    'text in the open',
    'plaintext',
    ({ bob, bobsAlice }) => JSON.stringify(plaintext(bob, bobsAlice, TEXT, { content: 'boo' })),
    STRAIGHT,
  ],
  [
    'what a contact signed for Alice, encrypted anew by a stranger',
    'two-senders',
    async ({ bob, mallory, bobsAlice }) =>
      jwe(
        mallory,
        bobsAlice,
        await forgeJws({
          content: plaintext(bob, bobsAlice, TEXT, { content: 'x' }),
          by: bob.signing,
        }),
      ),
  ],
];

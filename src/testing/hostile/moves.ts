import type { Did } from '../../did/did.ts';
import { textLetter } from '../foreign.ts';
import { forgeFromPrior } from '../forge.ts';
import { newPeer, type Peer } from '../peer.ts';
import { anon, type HostileMail } from './mail.ts';
import { moveOf, nowSeconds } from './world.ts';

const endingBy = async (peer: Peer, to: Did, iat = nowSeconds()): Promise<string> =>
  anon(to, {
    id: crypto.randomUUID(),
    type: 'https://didcomm.org/empty/1.0/empty',
    to: [to],
    body: {},
    from_prior: await forgeFromPrior({ by: peer.signing, claims: { iss: peer.did, iat } }),
  });

/** Moves to another DID, and endings, that are not for the one who says them to say. */
export const movesAndEndings: readonly HostileMail[] = [
  // R14-R18
  [
    'a stranger moves to a new DID',
    'fp-contact',
    async ({ mallory, bobsAlice }) => {
      const next = await newPeer();
      return textLetter(next, bobsAlice, 'x', { from_prior: await moveOf(mallory, next) });
    },
  ],
  [
    'a contact moves, but tells another address',
    'fp-contact',
    async ({ bob, carolsAlice }) => {
      const next = await newPeer();
      return textLetter(next, carolsAlice, 'x', { from_prior: await moveOf(bob, next) });
    },
  ],
  [
    'a contact moves, but tells the open invitation',
    'fp-contact',
    async ({ bob, open }) => {
      const next = await newPeer();
      const from_prior = await moveOf(bob, next);
      return textLetter(next, open.did, 'x', { from_prior, pthid: open.oobId });
    },
  ],
  [
    'the DID that a contact left moves once more',
    'fp-contact',
    async ({ daveBefore, davesAlice }) => {
      const next = await newPeer();
      return textLetter(next, davesAlice, 'x', { from_prior: await moveOf(daveBefore, next) });
    },
  ],
  [
    'a move older than the last one',
    'fp-time',
    async ({ dave, davesAlice, daveMovedSeconds }) => {
      const next = await newPeer();
      const from_prior = await moveOf(dave, next, daveMovedSeconds - 1);
      return textLetter(next, davesAlice, 'x', { from_prior });
    },
  ],
  [
    'a move that a contact signed for another contact',
    'fp-kid',
    async ({ bob, carol, bobsAlice }) => {
      const next = await newPeer();
      const claims = { iss: bob.did, sub: next.did, iat: nowSeconds() };
      const from_prior = await forgeFromPrior({ by: carol.signing, claims });
      return textLetter(next, bobsAlice, 'x', { from_prior });
    },
  ],
  [
    "a contact's move, sent by somebody else",
    'fp-sub',
    async ({ bob, mallory, bobsAlice }) => {
      const from_prior = await moveOf(bob, await newPeer());
      return textLetter(mallory, bobsAlice, 'x', { from_prior });
    },
  ],
  [
    'text from the DID that a contact left',
    'dropped',
    ({ daveBefore, davesAlice }) => textLetter(daveBefore, davesAlice, 'still me'),
  ],
  [
    'a move back to the DID that a contact left',
    'dropped',
    async ({ dave, daveBefore, davesAlice }) =>
      textLetter(daveBefore, davesAlice, 'back', {
        from_prior: await moveOf(dave, daveBefore),
      }),
  ],
  // R20
  [
    'a contact’s ending, brought to the address of another',
    'end',
    ({ bob, carolsAlice }) => endingBy(bob, carolsAlice),
  ],
  [
    'a contact’s ending, brought to an invitation',
    'end',
    ({ bob, open }) => endingBy(bob, open.did),
  ],
  [
    'a stranger ends what never was',
    'end',
    ({ mallory, bobsAlice }) => endingBy(mallory, bobsAlice),
  ],
  [
    'an address that a contact left ends the relationship',
    'dropped',
    ({ daveBefore, davesAlice }) => endingBy(daveBefore, davesAlice),
  ],
  [
    'an ending dated before the contact’s last move',
    'fp-time',
    ({ dave, davesAlice, daveMovedSeconds }) => endingBy(dave, davesAlice, daveMovedSeconds - 1),
  ],
];

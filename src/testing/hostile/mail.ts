import type { Did } from '../../did/did.ts';
import { Forward } from '../../protocols/routing/messages.ts';
import {
  asAttachments,
  letter,
  PING,
  plaintext,
  PROFILE,
  publicFace,
  RECEIPTS,
  seal,
  TEXT,
  textLetter,
} from '../foreign.ts';
import { forgeFromPrior, forgeJwe, forgeJws, type Json } from '../forge.ts';
import { newPeer, type Peer } from '../peer.ts';
import { moveOf, nowSeconds, type World } from './world.ts';

const jwe = async (from: Peer, to: Did, content: unknown, more: object = {}): Promise<string> =>
  forgeJwe({
    content,
    from: from.agreement,
    to: [(await publicFace(to)).agreement],
    ...more,
  });
const anon = async (to: Did, content: unknown): Promise<string> =>
  forgeJwe({ content, to: [(await publicFace(to)).agreement] });

const forward = async (to: Did, body: Json, attachments: unknown): Promise<string> =>
  anon(to, { id: crypto.randomUUID(), type: Forward.type, to: [to], body, attachments });
const asJson = (packed: string): Json => ({ data: { json: JSON.parse(packed) as unknown } });

const endingBy = async (peer: Peer, to: Did, iat = nowSeconds()): Promise<string> =>
  anon(to, {
    id: crypto.randomUUID(),
    type: 'https://didcomm.org/empty/1.0/empty',
    to: [to],
    body: {},
    from_prior: await forgeFromPrior({ by: peer.signing, claims: { iss: peer.did, iat } }),
  });

export type HostileMail = readonly [
  name: string,
  verdict: string,
  pack: (w: World) => Promise<string> | string,
  way?: 'straight into the inbox',
];

const straight = 'straight into the inbox';

/** Hostile mail, with what becomes of it: a reason for quarantine, or nothing at all. */
export const hostileMail: readonly HostileMail[] = [
  // R22
  ['the same envelope again', 'dropped', ({ sentBefore }) => sentBefore],
  [
    'the same id in a new envelope',
    'dropped',
    ({ bob, bobsAlice }) => textLetter(bob, bobsAlice, 'again?', { id: 'bob-1' }),
  ],
  [
    'the same envelope with its members in another order',
    'dropped',
    ({ sentBefore }) =>
      JSON.stringify(
        Object.fromEntries(Object.entries(JSON.parse(sentBefore) as Json).toReversed()),
      ),
  ],
  // R5, R16: an address belongs to one contact
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
  // R24
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
    straight, // its address and keys were given back
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
    straight,
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
  // R2, R4, R8
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
    straight,
  ],
  [
    'text in the open',
    'plaintext',
    ({ bob, bobsAlice }) => JSON.stringify(plaintext(bob, bobsAlice, TEXT, { content: 'boo' })),
    straight,
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
  // R30
  [
    'a forward to somebody else',
    'forward',
    async ({ bob, mallory, bobsAlice }) =>
      forward(bobsAlice, { next: mallory.did }, [
        asJson(await textLetter(bob, bobsAlice, 'pass it on')),
      ]),
  ],
  [
    'a forward to another address of the wallet',
    'forward',
    async ({ carol, bobsAlice, carolsAlice }) =>
      forward(bobsAlice, { next: carolsAlice }, [
        asJson(await textLetter(carol, carolsAlice, 'x')),
      ]),
  ],
  [
    'a forward in a forward',
    'forward',
    async ({ bob, bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        asJson(
          await forward(bobsAlice, { next: bobsAlice }, [
            asJson(await textLetter(bob, bobsAlice, 'x')),
          ]),
        ),
      ]),
  ],
  [
    'a forward of nothing',
    'forward',
    ({ bobsAlice }) => forward(bobsAlice, { next: bobsAlice }, []),
  ],
  [
    'a forward of two',
    'forward',
    async ({ bob, bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        asJson(await textLetter(bob, bobsAlice, 'x')),
        asJson(await textLetter(bob, bobsAlice, 'y')),
      ]),
  ],
  [
    'a forward of a link',
    'forward',
    ({ bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        { data: { links: ['https://evil.example'], hash: 'zQm' } },
      ]),
  ],
  [
    'a forward of text in the open',
    'forward',
    ({ bob, bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        { data: { json: plaintext(bob, bobsAlice, TEXT, { content: 'x' }) } },
      ]),
  ],
  [
    'a forward without next',
    'forward',
    async ({ bob, bobsAlice }) =>
      forward(bobsAlice, {}, [asJson(await textLetter(bob, bobsAlice, 'x'))]),
  ],
  [
    'a forward with a next that is a list',
    'forward',
    async ({ bob, bobsAlice }) =>
      forward(bobsAlice, { next: [bobsAlice] }, [asJson(await textLetter(bob, bobsAlice, 'x'))]),
  ],
  [
    'a good forward of a forgery',
    'from-skid',
    async ({ bob, mallory, bobsAlice }) =>
      forward(bobsAlice, { next: bobsAlice }, [
        asJson(await seal(mallory, bobsAlice, plaintext(bob, bobsAlice, TEXT, { content: 'x' }))),
      ]),
  ],
  [
    'a good forward of what came before',
    'dropped',
    ({ bobsAlice, sentBefore }) => forward(bobsAlice, { next: bobsAlice }, [asJson(sentBefore)]),
  ],
  // other doors
  [
    'text to the account at the mediator',
    'not-for-us',
    ({ bob, accountDid }) => textLetter(bob, accountDid, 'x'),
    straight,
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
    straight,
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

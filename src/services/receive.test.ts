import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { encodeKey } from '../crypto/multicodec.ts';
import type { Did } from '../did/did.ts';
import { Forward } from '../protocols/routing/messages.ts';
import {
  befriend,
  contactOf,
  deliver,
  letter,
  openInvitation,
  PING,
  PROFILE,
  publicFace,
  queuedFor,
  RECEIPTS,
  relationsOf,
  TEXT,
  textLetter,
} from '../testing/foreign.ts';
import { forgeFromPrior, forgeJwe, type Json } from '../testing/forge.ts';
import { nowSeconds } from '../testing/hostile/world.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { documentOf } from '../testing/peer-did.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { contactName } from './contact-name.ts';
import { processInbox } from './inbox.ts';
import { OutboxPayload, openRow } from '../storage/payloads.ts';
import { storeArrivals } from './arrivals.ts';
import { reportBudget } from './report-budget.ts';
import { asAttachments } from '../testing/foreign.ts';

// What contacts may say, and how far it reaches.

let mediator: Mediator;
let alice: TestWallet;
let bob: Peer;
let bobId: string;
let bobsAlice: Did;

beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
  bob = await newPeer();
  bobId = await befriend(alice, mediator.url, bob);
  bobsAlice = (await contactOf(alice.wallet, bobId)).payload.myDid;
  await alice.wallet.db.outbox.clear();
});

const fromBob = (type: string, body: Json, more: Json = {}): Promise<string> =>
  letter(bob, bobsAlice, type, body, more);
const received = (...ids: readonly string[]): Promise<string> =>
  fromBob(RECEIPTS, { receipts: ids.map((message_id) => ({ message_id, state: 'received' })) });
const statesOf = async (contactId: string): Promise<string[]> =>
  (await alice.chat(contactId)).map(({ st }) => st);

/** Sends as Alice; the outbox is left as it is. @returns the id on the wire, which the peer learns */
async function aliceWrites(to: Peer, contactId: string, text: string): Promise<string> {
  await sendText(alice.wallet, contactId, text, 'en');
  return (await queuedFor(alice.wallet, to)).at(-1)?.message.id ?? '';
}

/** Bob goes on under a new DID. */
async function moved(next: Peer, more: Json = {}): Promise<string> {
  const from_prior = await forgeFromPrior({
    by: bob.signing,
    claims: { iss: bob.did, sub: next.did, iat: nowSeconds() },
  });
  return textLetter(next, bobsAlice, 'I moved', { from_prior, ...more });
}

test('mail that a mediator wrapped once more is unwrapped, and shows once', async () => {
  const inner = await textLetter(bob, bobsAlice, 'wrapped');
  const rewrapped = (): Promise<string> =>
    publicFace(bobsAlice).then(({ agreement }) =>
      forgeJwe({
        to: [agreement],
        content: {
          id: crypto.randomUUID(),
          type: Forward.type,
          to: [bobsAlice],
          body: { next: agreement.kid },
          attachments: [{ data: { json: JSON.parse(inner) as unknown } }],
        },
      }),
    );
  expect(await deliver(alice, await rewrapped())).toBe(1);
  expect(await deliver(alice, await rewrapped(), inner)).toBe(0);
  expect(await alice.chat(bobId)).toHaveLength(1);
  expect(await alice.wallet.db.quarantine.count()).toBe(0);
});

test('a contact that moves is followed, and answered at its new address', async () => {
  const next = await newPeer();
  await deliver(alice, await moved(next), await letter(next, bobsAlice, PING, {}));
  const { payload } = await contactOf(alice.wallet, bobId);
  expect([payload.theirDid, payload.theirPriorDids]).toEqual([next.did, [bob.did]]);
  const [pong] = await queuedFor(alice.wallet, next);
  expect(pong?.message.type).toMatch(/ping-response$/);
  expect(await alice.wallet.db.contacts.count()).toBe(1);
});

test('a text that comes again under the new address shows once, and holds up nothing', async () => {
  const next = await newPeer();
  await deliver(alice, await textLetter(bob, bobsAlice, 'once', { id: 'same' }));
  const again = await moved(next, { id: 'same' });
  const behind = await textLetter(next, bobsAlice, 'behind');
  expect(await deliver(alice, again, behind)).toBe(1);
  expect((await alice.chat(bobId)).map(({ text }) => text)).toEqual(['them: once', 'them: behind']);
  expect((await contactOf(alice.wallet, bobId)).payload.theirDid).toBe(next.did);
});

test('a receipt counts for texts to the contact that sent it, and for no other', async () => {
  const carol = await newPeer();
  const carolId = await befriend(alice, mediator.url, carol);
  const toBob = await aliceWrites(bob, bobId, 'to Bob');
  const toCarol = await aliceWrites(carol, carolId, 'to Carol');
  await deliver(alice, await received(toCarol));
  expect([await statesOf(bobId), await statesOf(carolId)]).toEqual([['waiting'], ['waiting']]);
  await deliver(alice, await received(toBob));
  expect([await statesOf(bobId), await statesOf(carolId)]).toEqual([['delivered'], ['waiting']]);
});

test('a receipt for what the contact itself wrote changes nothing', async () => {
  await deliver(alice, await textLetter(bob, bobsAlice, 'mine', { id: 'theirs-1' }));
  await deliver(alice, await received('theirs-1'));
  expect(await statesOf(bobId)).toEqual(['unread']);
});

test('of ten thousand receipts in one message the first five hundred count', async () => {
  const first = await aliceWrites(bob, bobId, 'one');
  const late = await aliceWrites(bob, bobId, 'two');
  const noise = Array.from({ length: 9_998 }, (_, i) => `no-such-${i}`);
  await deliver(alice, await received(first, ...noise, late));
  expect(await statesOf(bobId)).toEqual(['delivered', 'waiting']);
  expect(await alice.wallet.db.quarantine.count()).toBe(0);
});

test.each([
  ['Bob\u202Egpj.exe\u2066', 'Bobgpj.exe'],
  ['\u200b\u0000\n\t', ''],
  ['A'.repeat(5_000), 'A'.repeat(64)],
  ['Bo\r\nb', 'Bo b'],
])('a name is made safe to draw: %j', async (displayName, name) => {
  await deliver(alice, await fromBob(PROFILE, { profile: { displayName } }));
  const { payload } = await contactOf(alice.wallet, bobId);
  expect(payload.claimedName).toBe(name);
  expect(contactName(payload)).toBe(name || 'someone new');
});

test('who was not let in gets no word, whatever they ask', async () => {
  const { did, oobId } = await openInvitation(alice, mediator.url, false);
  const asker = await newPeer();
  const ask = (type: string, body: Json): Promise<string> =>
    letter(asker, did, type, body, { pthid: oobId });
  await deliver(
    alice,
    await ask(PROFILE, { profile: { displayName: 'Eve' }, send_back_yours: true }),
    await ask('https://didcomm.org/receipts/1.0/request-receipts', {
      requested_receipts: [{ message_type: '*' }],
    }),
    await ask(PING, { response_requested: true }),
    await ask('https://didcomm.org/discover-features/2.0/queries', {
      queries: [{ 'feature-type': 'protocol', match: '*' }],
    }),
    await ask('https://didcomm.org/nonsense/1.0/x', {}),
    await ask(TEXT, { content: 'let me in' }),
    await ask(TEXT, { content: 7 }),
  );
  expect(await alice.wallet.db.outbox.count()).toBe(0);
  const asking = await alice.wallet.db.contacts.where('state').equals('asking').first();
  expect((await alice.chat(asking?.id ?? '')).map(({ text }) => text)).toEqual(['them: let me in']);
  expect(await sendText(alice.wallet, asking?.id ?? '', 'hello', 'en')).toBe(false);
  expect(await alice.wallet.db.outbox.count()).toBe(0);
});

test('what is not understood is reported five times an hour, also to a contact that keeps moving', async () => {
  const budget = reportBudget(alice.wallet.clock);
  const put = async (packed: string): Promise<void> => {
    await storeArrivals(alice.wallet, asAttachments([packed]));
    await processInbox(alice.wallet, budget);
  };
  // Good texts spend nothing.
  for (let i = 0; i < 8; i += 1) await put(await textLetter(bob, bobsAlice, `text ${i}`));
  const peers = [bob];
  for (let i = 0; i < 8; i += 1) {
    await put(await fromBob('https://didcomm.org/nonsense/1.0/x', {}));
    const next = await newPeer();
    await put(await moved(next));
    bob = next;
    peers.push(next);
  }
  const reports = await Promise.all(peers.map((peer) => queuedFor(alice.wallet, peer)));
  const codes = reports.flat().map(({ message }) => message.body['code']);
  expect(codes.filter((code) => code !== undefined)).toEqual([
    ...Array<string>(5).fill('e.p.msg.unsupported'),
    'e.p.req.max-errors-exceeded',
  ]);
});

test('a report is never answered by a report', async () => {
  const type = 'https://didcomm.org/report-problem/2.0/problem-report';
  await deliver(
    alice,
    await fromBob(type, { code: 'e.p.msg', comment: 'no' }, { pthid: 'x' }),
    await fromBob(type, { code: 7 }),
    await fromBob('https://didcomm.org/report-problem/3.0/problem-report', {}),
    await fromBob('https://didcomm.org/issue-credential/3.0/problem-report', { code: 'e.x' }),
    await fromBob('https://didcomm.org/nonsense/1.0/x', {}, { id: 'unknown' }),
  );
  const queued = await queuedFor(alice.wallet, bob);
  expect(queued.map(({ message }) => message.pthid)).toEqual(['unknown']);
});

test('replies to a contact whose mailbox takes nothing are bounded', async () => {
  const pings = await Promise.all(Array.from({ length: 230 }, () => fromBob(PING, {})));
  await deliver(alice, ...pings);
  expect(await alice.wallet.db.outbox.count()).toBe(200);
  expect(await deliver(alice, await textLetter(bob, bobsAlice, 'still heard'))).toBe(1);
});

test("a mediator's words out of a contact's mouth do nothing (R41, R42)", async () => {
  const invitation = await openInvitation(alice, mediator.url, true);
  const before = await relationsOf(alice.wallet);
  const base = 'https://didcomm.org';
  const forged = await textLetter(await newPeer(), bobsAlice, 'from nobody');
  await deliver(
    alice,
    await fromBob(
      `${base}/messagepickup/3.0/delivery`,
      {},
      { attachments: asAttachments([forged]) },
    ),
    await fromBob(`${base}/messagepickup/3.0/status`, { message_count: 0 }),
    await fromBob(`${base}/coordinate-mediation/3.0/recipient-update-response`, {
      updated: [{ recipient_did: invitation.did, action: 'add', result: 'success' }],
    }),
    await fromBob(`${base}/coordinate-mediation/3.0/mediate-grant`, { routing_did: [bob.did] }),
  );
  const after = await relationsOf(alice.wallet);
  expect({ ...after, outbox: [], contacts: [] }).toEqual({ ...before, outbox: [], contacts: [] });
  const codes = (await queuedFor(alice.wallet, bob)).map(({ message }) => message.body['code']);
  expect(codes).toEqual(Array(4).fill('e.p.msg.unsupported'));
});

test('a contact with a key that is unsafe to agree with is written to by its other one', async () => {
  const next = await newPeer();
  const unsafe = encodeKey('X25519', new Uint8Array(32));
  const did: Did = `${next.did}.E${unsafe}` as Did;
  const kid = `${did}#key-1` as const;
  const odd: Peer = {
    ...next,
    did,
    document: await documentOf(did),
    agreement: { ...next.agreement, kid },
    secrets: {
      agreementKey: async (asked) => (asked === kid ? next.agreement.privateKey : undefined),
    },
  };
  expect(odd.document.keyAgreement).toHaveLength(2);
  await deliver(alice, await moved(odd), await letter(odd, bobsAlice, PING, {}));
  await sendText(alice.wallet, bobId, 'hello', 'en');
  const queued = await queuedFor(alice.wallet, odd);
  expect(queued.map(({ message }) => message.type)).toEqual([
    'https://didcomm.org/trust-ping/2.0/ping-response',
    TEXT,
  ]);
});

test('a peer that names its keys in an old form is addressed in it, as long as it does (I3)', async () => {
  const { multibase = '' } = bob.document.keyAgreement[0] ?? {};
  const kidOfNext = async (): Promise<unknown> => {
    await sendText(alice.wallet, bobId, 'hello', 'en');
    const row = await alice.wallet.db.outbox.orderBy(':id').last();
    const payload = row && (await openRow(alice.wallet.device, OutboxPayload, 'outbox', row));
    const { recipients } = JSON.parse(payload?.inner ?? '') as {
      readonly recipients: readonly { readonly header: { readonly kid: string } }[];
    };
    return recipients.map(({ header }) => header.kid);
  };
  const today = bob.agreement;
  for (const fragment of [multibase, multibase.slice(1), multibase.slice(1, 9), 'key-1']) {
    const kid = `${bob.did}#${fragment}` as const;
    bob = { ...bob, agreement: { ...today, kid } };
    expect(await deliver(alice, await textLetter(bob, bobsAlice, fragment))).toBe(1);
    expect(await kidOfNext()).toEqual([kid]);
  }
});

test('garbage beside good mail: each goes its own way', async () => {
  const good = await textLetter(bob, bobsAlice, 'good');
  const attachments = [
    { id: 'a', data: {} },
    { id: 'b', data: { base64: '%%%' } },
    { id: 'c', data: { links: ['https://evil.example/'] } },
    { id: 'd', data: { json: 'no envelope' } },
    { id: 'e', data: { base64: '//79' } },
    { id: 'f', data: { json: JSON.parse(good) as unknown } },
    { data: { json: good } },
  ];
  const acknowledged = await storeArrivals(alice.wallet, attachments);
  expect(acknowledged).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(await processInbox(alice.wallet, reportBudget(alice.wallet.clock))).toBe(1);
  expect((await alice.chat(bobId)).map(({ text }) => text)).toEqual(['them: good']);
  expect((await alice.wallet.db.quarantine.toArray()).map(({ reason }) => reason)).toEqual([
    'malformed',
  ]);
});

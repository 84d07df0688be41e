import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import type { Did } from '../did/did.ts';
import { createPeer4 } from '../did/peer4-create.ts';
import {
  befriend,
  contactOf,
  deliver,
  letter,
  openInvitation,
  PING,
  PROFILE,
  quarantineReasons,
  queuedFor,
  RECEIPTS,
  TEXT,
  textLetter,
} from '../testing/foreign.ts';
import { forgeFromPrior } from '../testing/forge.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';

// What peers do within the standard that few of them do, and what a contact may try.

const REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';

let mediator: Mediator;
let alice: TestWallet;
let bob: Peer;
let bobId: string;
let bobsAlice: Did;
beforeAll(async () => {
  mediator = await freshMediator();
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
});
beforeEach(async () => {
  bob = await newPeer();
  [bobId, bobsAlice] = await meet(bob);
});
afterAll(() => mediator.close());

async function meet(peer: Peer): Promise<[id: string, myDid: Did]> {
  const id = await befriend(alice, mediator.url, peer);
  return [id, (await contactOf(alice.wallet, id)).payload.myDid];
}

/** Says something to Bob. @returns its id */
async function say(text: string): Promise<string> {
  await sendText(alice.wallet, bobId, text, 'en');
  const sent = (await queuedFor(alice.wallet, bob)).filter(({ message }) => message.type === TEXT);
  return sent.at(-1)?.message.id ?? '';
}
const answersToBob = async () => (await queuedFor(alice.wallet, bob)).map((one) => one.message);
const states = async () => (await alice.chat(bobId)).map(({ st }) => st);

/** One DID in both forms of did:peer:4. */
async function peer4(): Promise<{ readonly long: Peer; readonly short: Peer }> {
  const peer = await newPeer();
  const { long, short } = await createPeer4({
    agreement: peer.agreement.publicBytes,
    signing: peer.signing.publicBytes,
    services: [{ uri: 'https://peer.example' }],
  });
  const under = (did: Did): Peer => ({
    ...peer,
    did,
    agreement: { ...peer.agreement, kid: `${did}#key-1` },
    signing: { ...peer.signing, kid: `${did}#key-2` },
  });
  return { long: under(long), short: under(short) };
}

const seconds = (): number => Math.floor(Date.now() / 1000);

/** `from` leaves for `to`. */
const move = (from: Peer, to: Peer, more: object = {}): Promise<string> =>
  forgeFromPrior({
    by: from.signing,
    claims: { iss: from.did, sub: to.did, iat: seconds() - 60, ...more },
  });

test('a move is told again by the short form of the DID that was left', async () => {
  const [before, after] = await Promise.all([peer4(), peer4()]);
  const [id, myDid] = await meet(before.long);
  const told = { from_prior: await move(before.short, after.long) };
  await deliver(alice, await textLetter(after.long, myDid, 'one', told));
  await deliver(alice, await textLetter(after.long, myDid, 'two', told));
  expect((await alice.chat(id)).map(({ text }) => text)).toEqual(['them: one', 'them: two']);
  expect(await quarantineReasons(alice.wallet)).toEqual([]);
});

test('a move is told again after its time; a new one is not told so, nor that of another', async () => {
  const [next, other, carol] = await Promise.all([newPeer(), newPeer(), newPeer()]);
  const [carolId, carolsAlice] = await meet(carol);
  const inTime = await move(bob, next, { exp: seconds() + 60 });
  const late = { exp: seconds() - 1 };
  const texts: readonly (readonly [Peer, Did, string, string])[] = [
    [next, bobsAlice, 'in time', inTime],
    [next, bobsAlice, 'again', await move(bob, next, late)],
    [other, bobsAlice, 'too late', await move(next, other, late)],
    [carol, carolsAlice, 'not hers', await move(bob, carol, late)],
  ];
  for (const [from, to, text, from_prior] of texts)
    await deliver(alice, await textLetter(from, to, text, { from_prior }));
  expect((await alice.chat(bobId)).map(({ text }) => text)).toEqual([
    'them: in time',
    'them: again',
  ]);
  expect(await alice.chat(carolId)).toEqual([]);
  expect(await quarantineReasons(alice.wallet)).toEqual(['fp-time', 'fp-time']);
  await alice.wallet.db.quarantine.clear();
});

test('ids are the same in capitals', async () => {
  const invitation = await openInvitation(alice, mediator.url, true);
  const newcomer = await newPeer();
  const pthid = invitation.oobId.toUpperCase();
  await deliver(alice, await letter(newcomer, invitation.did, PROFILE, {}, { pthid }));
  const { contactId = '' } = (await alice.wallet.db.invitations.get(invitation.rowId)) ?? {};
  expect((await contactOf(alice.wallet, contactId)).payload.theirDid).toBe(newcomer.did);

  const receipts = [{ message_id: (await say('hello')).toUpperCase(), state: 'received' }];
  await deliver(alice, await letter(bob, bobsAlice, RECEIPTS, { receipts }));
  expect(await states()).toEqual(['delivered']);

  const id = crypto.randomUUID();
  await deliver(alice, await textLetter(bob, bobsAlice, 'once', { id }));
  await deliver(alice, await textLetter(bob, bobsAlice, 'twice', { id: id.toUpperCase() }));
  expect((await alice.chat(bobId)).map(({ text }) => text)).toEqual(['me: hello', 'them: once']);
});

test('what is asked to be acknowledged of earlier messages is, oldest first, as far as it came', async () => {
  for (const id of ['one', 'two', 'three'])
    await deliver(alice, await textLetter(bob, bobsAlice, id, { id }));
  const please_ack = ['', 'three', 'four', 'one'];
  await deliver(alice, await textLetter(bob, bobsAlice, 'five', { id: 'five', please_ack }));
  const acks = (await answersToBob()).flatMap(({ ack }) => (ack ? [ack] : []));
  expect(acks).toEqual([['one', 'three', 'five']]);
});

test('so may a question: it is answered as if nothing stood there', async () => {
  const QUERIES = 'https://didcomm.org/discover-features/2.0/queries';
  const before = (await answersToBob()).length;
  await deliver(
    alice,
    await letter(bob, bobsAlice, PING, { response_requested: null }),
    await letter(bob, bobsAlice, PROFILE, { profile: null, send_back_yours: null }),
    await letter(bob, bobsAlice, PROFILE.replace('/profile', '/request-profile'), {
      query: null,
    }),
    await letter(bob, bobsAlice, QUERIES, { queries: [] }),
  );
  expect((await answersToBob()).slice(before).map(({ type }) => type.split('/').at(-1))).toEqual([
    'ping-response',
    'profile',
    'disclose',
  ]);
});

test('a report may write null for what it leaves out', async () => {
  const pthid = await say('hello');
  const body = { code: 'e.p.msg', comment: null, args: null, escalate_to: null };
  await deliver(alice, await letter(bob, bobsAlice, REPORT, body, { pthid }));
  expect(await states()).toEqual(['failed']);
});

test('a report whose arguments are put in without end is one line', async () => {
  const pthid = await say('hello');
  const body = { code: 'e.p.msg', comment: '{1}'.repeat(100_000), args: ['x'.repeat(300_000)] };
  await deliver(alice, await letter(bob, bobsAlice, REPORT, body, { pthid }));
  expect(await states()).toEqual(['failed']);
  expect(await alice.wallet.db.inbox.count()).toBe(0);
});

test('what nobody understands is said back only in part', async () => {
  const long = 'x'.repeat(300_000);
  await deliver(
    alice,
    await letter(bob, bobsAlice, `https://example.org/${long}/1.0/word`, {}),
    await letter(bob, bobsAlice, PING, { response_requested: long }),
  );
  const reports = (await queuedFor(alice.wallet, bob)).filter(
    ({ message }) => message.type === REPORT,
  );
  expect(reports).toHaveLength(2);
  for (const { plaintextBytes } of reports) expect(plaintextBytes.length).toBeLessThan(4_000);
});

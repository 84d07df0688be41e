import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { startEstoc } from '../../e2e/peers/estoc.ts';
import { startIdentusMediator } from '../../e2e/peers/identus-mediator.ts';
import type { MediatorPeer } from '../../e2e/peers/mediator-peer.ts';
import type { Did } from '../did/did.ts';
import { acquaintances, rounds, type Acquaintance } from '../testing/acquaintances.ts';
import { newPeer } from '../testing/peer.ts';
import { invitationTo, scriptedMediator, scriptedUrl } from '../testing/scripted-mediator.ts';
import { freshMediator, httpFrom, reopenedWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { createInvitation } from './codes.ts';
import { readMailboxOffer, requestMailbox } from './mailbox-offer.ts';
import { leavingMediators, LEAVING_MS, noteMediator, readyMediator } from './mediators.ts';
import { MAILBOX_MOVE_ERROR } from './status.ts';

// Two wallets on our mediator; one moves away and back while both write.

vi.setConfig({ testTimeout: 60_000 });

let mediator: Mediator;
let other: MediatorPeer;
let alice: Acquaintance;
let bob: Acquaintance;
let offsetMs = 0;

beforeEach(async () => {
  offsetMs = 0;
  mediator = await freshMediator();
  other = await startIdentusMediator(20);
  const clock = { now: () => Date.now() + offsetMs };
  ({ alice, bob } = await acquaintances(mediator, { clock, setTimer: () => undefined }));
});
afterEach(async () => {
  await mediator.close();
  await other.close();
});

async function choose({ wallet }: TestWallet, invitation: string): Promise<void> {
  const reading = await readMailboxOffer(wallet, invitation);
  if (reading.kind !== 'offer') throw new Error(reading.kind);
  await requestMailbox(wallet, reading.offer);
}
const ours = async (): Promise<string> => (await fetch(`${mediator.url}/invitation`)).text();
const say = (who: Acquaintance, text: string) => sendText(who.wallet, who.friend, text, 'en');
const heard = async (who: Acquaintance): Promise<string[]> =>
  (await who.chat(who.friend)).flatMap(({ text }) =>
    text.startsWith('them: ') ? [text.slice(6)] : [],
  );
const mailboxOf = async ({ wallet }: TestWallet) => (await readyMediator(wallet))?.httpUrl;
const leftBy = async ({ wallet }: TestWallet) => (await leavingMediators(wallet)).length;

test('away and back, with texts in flight both ways: none lost, none twice', async () => {
  const fromAlice: string[] = [];
  const fromBob: string[] = [];
  const both = async (text: string): Promise<void> => {
    fromAlice.push(`a ${text}`);
    fromBob.push(`b ${text}`);
    await Promise.all([say(alice, `a ${text}`), say(bob, `b ${text}`)]);
  };
  await both('before');
  await bob.settle(); // on its way to the old mailbox
  await choose(alice, other.link);
  await both('while it is set up');
  await alice.settle();
  expect(await mailboxOf(alice)).toBe(`${other.url}/`);
  await both('before they know');
  await bob.settle();
  await rounds(alice, bob);
  await both('after');
  await rounds(alice, bob);
  expect(await heard(alice)).toEqual(fromBob);
  expect(await heard(bob)).toEqual(fromAlice);
  expect(other.registeredDids()).toContain((await alice.contact()).payload.myDid);
  expect(await leftBy(alice)).toBe(0);

  await choose(alice, await ours());
  await both('on the way back');
  await bob.settle();
  await alice.settle();
  expect(await mailboxOf(alice)).toContain(new URL(mediator.url).host);
  await both('back');
  await rounds(alice, bob);
  await rounds(alice, bob);
  expect(await heard(alice)).toEqual(fromBob);
  expect(await heard(bob)).toEqual(fromAlice);
  expect(await leftBy(alice)).toBe(0);
  expect(other.registeredDids()).toEqual([]);
  expect(await alice.wallet.db.outbox.count()).toBe(0);
  expect([...alice.failures, ...bob.failures]).toEqual([]);
});

test('a contact that has not heard keeps the old mailbox in use, for thirty days at most', async () => {
  bob.network.online = false;
  await say(bob, 'written before');
  await choose(alice, other.link);
  for (let i = 0; i < 3; i += 1) await alice.settle();
  expect(await leftBy(alice)).toBe(1);
  bob.network.online = true;
  await bob.settle();
  await alice.settle();
  expect(await heard(alice)).toEqual(['written before']);
  offsetMs = LEAVING_MS + 1_000;
  await alice.settle();
  expect(await leftBy(alice)).toBe(0);
});

test('back before the contact heard: the mailbox that was left is taken up again', async () => {
  bob.network.online = false;
  await choose(alice, other.link);
  await alice.settle();
  const before = await leavingMediators(alice.wallet);
  await choose(alice, await ours());
  await alice.settle();
  expect((await readyMediator(alice.wallet))?.rowId).toBe(before[0]?.rowId);
  bob.network.online = true;
  await say(bob, 'where are you?');
  await rounds(bob, alice);
  await say(alice, 'here');
  await rounds(alice, bob);
  expect(await heard(alice)).toEqual(['where are you?']);
  expect(await heard(bob)).toEqual(['here']);
  await rounds(alice, bob);
  expect(await leftBy(alice)).toBe(0);
});

test('an invitation on show is answered at the old mailbox', async () => {
  const made = await createInvitation(alice.wallet, { origin: mediator.url, autoAccept: true });
  if (made.kind !== 'ok') throw new Error(made.kind);
  await alice.settle();
  await choose(alice, other.link);
  await rounds(alice, bob);
  expect(await leftBy(alice)).toBe(1);
  expect((await alice.wallet.db.invitations.get(made.id))?.state).toBe('live');
});

test('a mailbox that refuses, or is not there, changes nothing', async () => {
  await choose(alice, other.link);
  await other.close();
  await alice.settle();
  expect(await mailboxOf(alice)).toContain(new URL(mediator.url).host);
  expect(await alice.wallet.db.mediators.where('state').equals('requested').count()).toBe(1);
  await say(bob, 'still here');
  await rounds(bob, alice);
  expect(await heard(alice)).toEqual(['still here']);
  other = await startIdentusMediator(20);
});

test('stopped at any request of the move, it goes on where it was', async () => {
  let left = 0;
  for (let stopAt = 1; stopAt < 14; stopAt += 4) {
    const strict = await startEstoc();
    await choose(alice, strict.link);
    left = stopAt;
    const { fetchTransport } = await import('../transport/http.ts');
    const broken = await reopenedWallet(alice.wallet.db, mediator.url, {
      setTimer: () => undefined,
      http: {
        post: async (...args) => {
          left -= 1;
          return left < 0 ? new Promise<never>(() => undefined) : fetchTransport.post(...args);
        },
        get: async () => ({ kind: 'unreachable' }),
        getText: async () => undefined,
      },
    });
    const stuck = broken.settle();
    await Promise.race([stuck, new Promise((resolve) => setTimeout(resolve, 1_500))]);
    await say(bob, `stopped at ${stopAt}`);
    await rounds(bob, alice);
    await rounds(bob, alice);
    expect(await mailboxOf(alice)).toBe(`${strict.url}/`);
    expect((await heard(alice)).at(-1)).toBe(`stopped at ${stopAt}`);
    await choose(alice, await ours());
    await rounds(alice, bob);
    await rounds(alice, bob);
    expect(await leftBy(alice)).toBe(0);
    await strict.close();
  }
});

test('what went to the old mailbox first is shown first', async () => {
  await choose(alice, other.link);
  await alice.settle();
  for (const text of ['one', 'two', 'three']) await say(bob, `old ${text}`);
  await bob.settle(); // his texts lie in the old mailbox; he hears of the new one
  for (const text of ['one', 'two']) await say(bob, `new ${text}`);
  await bob.settle();
  await alice.settle();
  expect(await heard(alice)).toEqual(['old one', 'old two', 'old three', 'new one', 'new two']);
});

/** A routing DID that resolves, and is too long to stand in a DID of ours. */
const tooLong = async (): Promise<string> => {
  const uris = [`${scriptedUrl}/${'a'.repeat(1200)}`, `${scriptedUrl}/${'b'.repeat(200)}`];
  return (await newPeer(uris.map((uri) => ({ uri })))).did;
};
const at = async (...uris: string[]): Promise<string> =>
  (await newPeer(uris.map((uri) => ({ uri })))).did;

/** Alice, for whom one more mediator can be reached: it grants what the test says. */
async function withGranting(): Promise<{ grant: string; readonly link: string }> {
  const scripted = await scriptedMediator();
  const granting = { grant: '', link: invitationTo(scripted.peer.did) };
  scripted.answer = ({ message, reply, say: answer }) =>
    message.type.endsWith('mediate-request')
      ? answer({ type: reply?.type ?? '', body: { routing_did: [granting.grant] } })
      : answer();
  const real = httpFrom(mediator.url);
  const http: typeof real = {
    ...real,
    post: (url, ...rest) => (url.startsWith(scriptedUrl) ? scripted.http : real).post(url, ...rest),
  };
  ({ alice, bob } = await acquaintances(mediator, { http, setTimer: () => undefined }));
  return granting;
}

test.each([
  ['is too long for an address of ours', tooLong],
  ['names no endpoint', () => at()],
  ['names only an endpoint that the policy refuses', () => at('http://203.0.113.7/')],
  ['names only a socket', () => at('wss://mediator.example/')],
  ['names a DID without an endpoint', async () => at(await at())],
  ['names the last of too many DIDs', async () => at(await at(await at(scriptedUrl)))],
  [
    'is the one of the mailbox in use',
    async () => (await readyMediator(alice.wallet))?.routingDid ?? '',
  ],
])('a grant whose routing DID %s is refused, and nothing changes', async (_name, routing) => {
  const granting = await withGranting();
  granting.grant = await routing();
  const before = await readyMediator(alice.wallet);
  await choose(alice, granting.link);
  await rounds(alice, bob);
  expect(await readyMediator(alice.wallet)).toEqual(before);
  expect(await alice.wallet.db.mediators.count()).toBe(1);
  expect((await alice.wallet.db.settings.get(MAILBOX_MOVE_ERROR))?.value).toBe('refused');
  await say(bob, 'still here');
  await rounds(bob, alice);
  expect(await heard(alice)).toEqual(['still here']);
  expect(alice.failures).toEqual([]);
});

test('a routing DID that names the DID of one with an endpoint is taken', async () => {
  const granting = await withGranting();
  granting.grant = await at(await at(scriptedUrl));
  await choose(alice, granting.link);
  await alice.settle();
  expect((await readyMediator(alice.wallet))?.routingDid).toBe(granting.grant);
});

test('out of a mailbox at which every pass fails', async () => {
  bob.network.online = false;
  await choose(alice, other.link);
  await alice.settle();
  const stuck = await readyMediator(alice.wallet);
  await noteMediator(alice.wallet, stuck?.rowId ?? '', { routingDid: (await tooLong()) as Did });
  await expect(alice.settle()).rejects.toThrow(RangeError);
  await choose(alice, await ours());
  await expect(alice.settle()).rejects.toThrow(RangeError);
  expect(await mailboxOf(alice)).toContain(new URL(mediator.url).host);
  bob.network.online = true;
  await say(bob, 'there you are');
  await rounds(bob, alice);
  expect(await heard(alice)).toEqual(['there you are']);
});

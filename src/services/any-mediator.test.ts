import { afterEach, expect, test, vi } from 'vitest';
import { startEstoc } from '../../e2e/peers/estoc.ts';
import { startIdentusMediator } from '../../e2e/peers/identus-mediator.ts';
import type { MediatorPeer } from '../../e2e/peers/mediator-peer.ts';
import {
  startAdorsys,
  startBlocktrust,
  startCredoLike,
  startRootsId,
  startSicpa,
  startVeramo,
} from '../../e2e/peers/small-mediators.ts';
import { encodeKey } from '../crypto/multicodec.ts';
import type { Did } from '../did/did.ts';
import { befriend, contactOf, textLetter } from '../testing/foreign.ts';
import { forwardOf, mediatorClient } from '../testing/mediator-client.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { postTo } from '../testing/running-mediator.ts';
import { scriptedMediator } from '../testing/scripted-mediator.ts';
import { freshWallet, type TestWallet } from '../testing/wallets.ts';
import { fetchTransport } from '../transport/http.ts';
import { sendText } from './chat.ts';
import { readyMediator } from './mediators.ts';

// The wallet at every mediator that it may meet: each peer's file says what is odd about it.

vi.setConfig({ testTimeout: 30_000 });

let peer: MediatorPeer;
afterEach(() => peer.close());

const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `text ${i}`);

/** A contact that writes by way of this mediator. */
async function withBob(alice: TestWallet) {
  const bob = await newPeer();
  const id = await befriend(alice, peer.url, bob);
  await alice.settle();
  const myDid = (await contactOf(alice.wallet, id)).payload.myDid;
  const routingDid = (await readyMediator(alice.wallet))?.routingDid as Did;
  const write = async (text: string): Promise<void> => {
    const letter = await textLetter(bob, myDid, text);
    const answer = await postTo(peer.url, await forwardOf(letter, myDid, routingDid));
    expect(answer.status).toBeLessThan(300);
  };
  return { id, myDid, write };
}

interface Row {
  readonly name: string;
  readonly rules: string;
  readonly start: () => Promise<MediatorPeer>;
  readonly mediation: '2.0' | '3.0';
  readonly flags?: object;
}
const HOLD_MS = 20;
const rows: readonly Row[] = [
  {
    name: 'identus-mediator',
    rules: 'I1, I5, I7, I9, I15, I22, I25-I27',
    start: () => startIdentusMediator(HOLD_MS),
    mediation: '2.0',
    flags: { singleAck: true, noReplyToAck: true },
  },
  { name: 'estoc', rules: 'I8, I30, I34', start: startEstoc, mediation: '3.0' },
  { name: 'rootsid', rules: 'I6, I15, I16, I20, I21', start: startRootsId, mediation: '2.0' },
  { name: 'blocktrust', rules: 'I6, I15, I21, I25', start: startBlocktrust, mediation: '2.0' },
  { name: 'adorsys', rules: 'I6, I8, I13, I15, I19, I20', start: startAdorsys, mediation: '2.0' },
  { name: 'sicpa-ts', rules: 'I6, I16, I29', start: startSicpa, mediation: '2.0' },
  { name: 'veramo', rules: 'I17, I19, I20, I24', start: startVeramo, mediation: '3.0' },
  { name: 'credo', rules: 'I24, I27', start: startCredoLike, mediation: '2.0' },
];

test.each(rows)(
  '$name ($rules): set up, registered, and all mail shown once, in order',
  async ({ start, mediation, flags }) => {
    peer = await start();
    const alice = await freshWallet('Alice', peer.url, { setTimer: () => undefined });
    await alice.settle();
    expect(await readyMediator(alice.wallet)).toMatchObject({ mediation, pickup: '3.0' });
    const { id, myDid, write } = await withBob(alice);
    expect(peer.registeredDids()).toContain(myDid);
    const sent = texts(27);
    for (const text of sent) await write(text);
    await expect
      .poll(
        async () => {
          await alice.settle();
          return peer.waiting;
        },
        { timeout: 20_000 },
      )
      .toBe(0);
    expect((await alice.chat(id)).map(({ text }) => text)).toEqual(
      sent.map((text) => `them: ${text}`),
    );
    expect(alice.failures).toEqual([]);
    if (flags) expect(await readyMediator(alice.wallet)).toMatchObject(flags);
    const requests = peer.asked.filter(({ type }) => !type.endsWith('/forward'));
    // I8, I9, I33: every request asks for its answer, is a message of its own, and names no recipient.
    expect(new Set(requests.map(({ returnRoute }) => returnRoute))).toEqual(new Set(['all']));
    expect(new Set(requests.map((one) => one.id)).size).toBe(requests.length);
    expect(requests.filter(({ body }) => 'recipient_did' in body)).toEqual([]);
  },
);

test.each([
  ['rootsid', startRootsId],
  ['adorsys', startAdorsys],
  ['blocktrust', startBlocktrust],
])(
  '%s (I18): a grant that was lost is followed by a denial, and by another account',
  async (_name, start) => {
    peer = await start();
    let lose = true;
    const alice = await freshWallet('Alice', peer.url, {
      setTimer: () => undefined,
      http: {
        get: async () => ({ kind: 'unreachable' }),
        post: async (url, packed, max) => {
          const before = peer.asked.length;
          const answer = await fetchTransport.post(url, packed, max);
          const granted = peer.asked
            .slice(before)
            .some(({ type }) => type.endsWith('2.0/mediate-request'));
          if (!granted || !lose) return answer;
          lose = false;
          return { kind: 'unreachable' };
        },
        getText: async () => peer.invitation,
      },
    });
    expect(await alice.settle()).toBe(false);
    // Where the answer that was lost also proved a new DID, the next one cannot be believed: from the start, then.
    for (let i = 0; i < 2; i += 1) await alice.settle();
    expect(await readyMediator(alice.wallet)).toBeDefined();
    expect(await alice.wallet.db.mediators.count()).toBe(1);
    const requests = peer.asked.filter(({ type }) => type.endsWith('2.0/mediate-request'));
    expect(requests.length).toBe(3);
  },
);

test.each([
  ['identus-mediator', () => startIdentusMediator(HOLD_MS)],
  ['credo', startCredoLike],
  ['estoc', startEstoc],
])('%s (I11, I31): what is pushed shows at once and is acknowledged', async (_name, start) => {
  peer = await start();
  const alice = await freshWallet('Alice', peer.url);
  await alice.settle();
  const { id, write } = await withBob(alice);
  await alice.engine.wake('visible');
  await expect
    .poll(() => peer.asked.some(({ type }) => type.endsWith('live-delivery-change')))
    .toBe(true);
  await write('pushed');
  await expect.poll(() => alice.chat(id)).toEqual([{ text: 'them: pushed', st: 'unread' }]);
  await expect.poll(() => peer.waiting).toBe(0);
  expect(await alice.wallet.db.quarantine.count()).toBe(0);
  alice.network.online = false;
});

test('rootsid (I32): who cannot push says so, and is asked instead', async () => {
  peer = await startRootsId();
  const alice = await freshWallet('Alice', peer.url, { setTimer: () => undefined });
  await alice.settle();
  // The DID that it moved to names no socket any more, the one of its invitation did.
  await alice.engine.wake('visible');
  await expect.poll(async () => (await readyMediator(alice.wallet))?.noLive).toBe(true);
});

test.each([
  [
    'identus-mediator (I10): the same bytes again are answered by dejavu, which means delivered',
    true,
  ],
  ['identus-mediator (I10): a stranger is reported by a signature, and the person is told', false],
])('%s', async (_name, registered) => {
  peer = await startIdentusMediator(HOLD_MS);
  const post = (packed: string) => postTo(peer.url, packed);
  let lost = 0;
  const alice = await freshWallet('Alice', peer.url, {
    setTimer: () => undefined,
    http: {
      ...fetchTransport,
      post: async (...args) => {
        const before = peer.asked.length;
        const answer = await fetchTransport.post(...args);
        const isForward = peer.asked.slice(before).some(({ type }) => type.endsWith('/forward'));
        if (!isForward || !registered || lost > 0) return answer;
        lost += 1;
        return { kind: 'unreachable' };
      },
      getText: async () => peer.invitation,
    },
  });
  await alice.settle();
  const bob = await newPeer([{ uri: peer.did, accept: ['didcomm/v2'] }]);
  if (registered) {
    const client = await mediatorClient(peer.did, post);
    const cm = 'https://didcomm.org/coordinate-mediation/2.0';
    await client.ask(`${cm}/mediate-request`, {});
    await client.ask(`${cm}/keylist-update`, {
      updates: [{ recipient_did: bob.did, action: 'add' }],
    });
  }
  const id = await befriend(alice, peer.url, bob);
  await sendText(alice.wallet, id, 'hello', 'en');
  for (let i = 0; i < 3; i += 1) await alice.settle();
  expect(await alice.chat(id)).toEqual([{ text: 'me: hello', st: registered ? 'sent' : 'failed' }]);
  expect(lost).toBe(registered ? 1 : 0);
  expect(await alice.wallet.db.outbox.count()).toBe(0);
});

test('a mediator known by a did:web is fetched once, by its domain, and talked to by what was found (I57)', async () => {
  const scripted = await scriptedMediator(await atDidWeb('did:web:mail.example'));
  peer = await startEstoc(); // only to be closed
  const fetched: string[] = [];
  const { agreement, signing } = scripted.peer;
  const did = scripted.peer.did;
  const document = {
    id: did,
    verificationMethod: [
      {
        id: '#key-1',
        type: 'Multikey',
        controller: did,
        publicKeyMultibase: encodeKey('X25519', agreement.publicBytes),
      },
      {
        id: '#key-2',
        type: 'Multikey',
        controller: did,
        publicKeyMultibase: encodeKey('Ed25519', signing.publicBytes),
      },
    ],
    keyAgreement: ['#key-1'],
    authentication: ['#key-2'],
    service: [
      {
        id: '#didcomm',
        type: 'DIDCommMessaging',
        serviceEndpoint: { uri: 'https://mail.example/didcomm', accept: ['didcomm/v2'] },
      },
    ],
  };
  const alice = await freshWallet('Alice', 'https://parley.example', {
    setTimer: () => undefined,
    http: {
      ...scripted.http,
      getText: async (path) => {
        fetched.push(path);
        return path === '/invitation' ? scripted.invitation : JSON.stringify(document);
      },
    },
  });
  const routing = await newPeer([{ uri: 'https://mail.example/didcomm', accept: ['didcomm/v2'] }]);
  scripted.answer = ({ message, say }) =>
    message.type.endsWith('/mediate-request')
      ? say({
          type: 'https://didcomm.org/coordinate-mediation/3.0/mediate-grant',
          body: { routing_did: routing.did },
        })
      : say();
  expect(await alice.settle()).toBe(true);
  expect(await readyMediator(alice.wallet)).toMatchObject({
    mediatorDid: did,
    httpUrl: 'https://mail.example/didcomm',
    routingDid: routing.did,
  });
  await alice.settle();
  expect(fetched).toEqual(['/invitation', 'https://mail.example/.well-known/did.json']);
});

/** Somebody whose keys stand in the document of a did:web. */
async function atDidWeb(did: Did): Promise<Peer> {
  const { agreement, signing, ...rest } = await newPeer();
  return {
    ...rest,
    did,
    agreement: { ...agreement, kid: `${did}#key-1` },
    signing: { ...signing, kid: `${did}#key-2` },
    secrets: {
      agreementKey: async (kid) => (kid === `${did}#key-1` ? agreement.privateKey : undefined),
    },
  };
}

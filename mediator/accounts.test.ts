import { expect, test } from 'vitest';
import type { Did } from '../src/did/did.ts';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { packAnoncrypt } from '../src/didcomm/pack.ts';
import { newStoreFile } from '../src/testing/folders.ts';
import { forwardOf, letterFor, lettersOf, mediatorClient } from '../src/testing/mediator-client.ts';
import { memoryStore } from '../src/testing/memory-store.ts';
import { peer2DocumentOf, peer4Around } from '../src/testing/peer-did.ts';
import { newPeer, type Peer } from '../src/testing/peer.ts';
import { newDatabase } from '../src/testing/postgres/shared.ts';
import { runningMediator } from '../src/testing/running-mediator.ts';
import {
  newAccount,
  reportOf,
  sendLetter,
  testMediator,
  type Account,
} from '../src/testing/test-mediator.ts';
import { openPostgres } from './store/postgres/store.ts';
import { sqliteStore } from './store/sqlite.ts';

const CM2 = 'https://didcomm.org/coordinate-mediation/2.0';
const CM3 = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const PING = 'https://didcomm.org/trust-ping/2.0/ping';

test('both versions grant the same routing DID, each in its own shape', async () => {
  const mediator = await testMediator();
  const client = await mediator.client();
  const two = await client.ask(`${CM2}/mediate-request`, {});
  const three = await client.ask(`${CM3}/mediate-request`, {});
  const { routingDid, did } = mediator.identity;
  expect(two.message).toMatchObject({ type: `${CM2}/mediate-grant`, to: [client.peer.did] });
  expect(two.message?.body).toEqual({ routing_did: routingDid });
  expect(three.message?.body).toEqual({ routing_did: [routingDid] });
  expect(two.sender).toBe(did);
  expect((await mediator.store.stats()).accounts).toBe(1);
});

test('the main DID has two services, http first; the routing DID has one', async () => {
  const { identity } = await testMediator({ url: 'https://mail.example' });
  const uris = (did: string) => peer2DocumentOf(did).services.map(({ uri }) => uri);
  expect(uris(identity.did)).toEqual(['https://mail.example', 'wss://mail.example/ws']);
  expect(uris(identity.routingDid)).toEqual(['https://mail.example']);
  expect(identity.did.split('.S').length).toBe(3);
  for (const part of identity.did.split('.S').slice(1)) expect(part).toMatch(/^[A-Za-z0-9]+$/);
  expect(peer2DocumentOf(identity.did).services[0]?.accept).toEqual(['didcomm/v2']);
});

test('whom the operator denies gets no account, in either version, and keeps the mail there is', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  await sendLetter(mediator, account, 'before');
  await mediator.store.deny(account.client.peer.did, 0);
  for (const version of [CM2, CM3]) {
    const { message } = await account.client.ask(`${version}/mediate-request`, {});
    expect(message).toMatchObject({ type: `${version}/mediate-deny`, body: {} });
  }
  const { message } = await account.client.ask(`${PICKUP}/status-request`, {});
  expect(message?.body['message_count']).toBe(1);
  await mediator.store.allow(account.client.peer.did);
  const { message: granted } = await account.client.ask(`${CM3}/mediate-request`, {});
  expect(granted?.type).toBe(`${CM3}/mediate-grant`);
});

test('a mediator closed to newcomers grants only whoever is there already', async () => {
  const store = memoryStore();
  const before = await newAccount(await testMediator({ store }));
  const mediator = await testMediator({ store, newAccounts: 'closed' });
  for (const version of [CM2, CM3]) {
    const ask = async (peer?: Peer) =>
      (await (await mediator.client(peer)).ask(`${version}/mediate-request`, {})).message?.type;
    expect(await ask(before.client.peer)).toBe(`${version}/mediate-grant`);
    expect(await ask()).toBe(`${version}/mediate-deny`);
  }
  expect((await store.stats()).accounts).toBe(1);
});

test('keylist updates are judged one by one, in order', async () => {
  const mediator = await testMediator();
  const a = await newAccount(mediator);
  const b = await newAccount(mediator);
  const fresh = (await newPeer()).did;
  const update = async (account: Account, ...updates: [string, string][]) => {
    const { message } = await account.client.ask(`${CM2}/keylist-update`, {
      updates: updates.map(([recipient_did, action]) => ({ recipient_did, action })),
    });
    expect(message?.type).toBe(`${CM2}/keylist-update-response`);
    return (message?.body['updated'] as { result: string }[]).map(({ result }) => result);
  };
  expect(
    await update(
      a,
      [fresh, 'add'],
      [fresh, 'add'],
      [fresh, 'remove'],
      [fresh, 'remove'],
      [fresh, 'add'],
      [b.client.peer.did, 'add'],
      [b.client.peer.did, 'remove'],
      [mediator.identity.did, 'add'],
      [mediator.identity.routingDid, 'add'],
      ['not a did', 'add'],
      [`did:key:z${'6'.repeat(5000)}`, 'add'],
      [fresh, 'steal'],
      ['did:example:123456789abcdefghi', 'remove'],
    ),
  ).toEqual([
    'success',
    'no_change',
    'success',
    'no_change',
    'success',
    'client_error',
    'no_change',
    'client_error',
    'client_error',
    'client_error',
    'client_error',
    'client_error',
    'no_change',
  ]);
  expect(await update(b, [fresh, 'add'])).toEqual(['client_error']);
});

test('one update changes a thousand DIDs, and no more', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const updates = Array.from({ length: 1_001 }, (_, i) => ({
    recipient_did: `did:example:${i}`,
    action: 'remove',
  }));
  const most = await client.ask(`${CM2}/keylist-update`, { updates: updates.slice(1) });
  expect(most.message?.body['updated']).toHaveLength(1_000);
  expect(await reportOf(client, `${CM2}/keylist-update`, { updates })).toMatchObject({
    code: `e.p.msg.${CM2}/keylist-update`,
  });
});

test('lists are cut into pages, and say so only when there is more', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const more = await Promise.all([newPeer(), newPeer()]);
  await client.ask(`${CM3}/recipient-update`, {
    updates: more.map(({ did }) => ({ recipient_did: did, action: 'add' })),
  });
  const all = [client.peer, ...more].map(({ did }) => ({ recipient_did: did }));
  const whole = await client.ask(`${CM3}/recipient-query`, {});
  expect(whole.message?.body).toEqual({ dids: all });
  const page = await client.ask(`${CM2}/keylist-query`, { paginate: { limit: 2, offset: 0 } });
  expect(page.message?.body).toEqual({
    keys: all.slice(0, 2),
    pagination: { count: 2, offset: 0, remaining: 1 },
  });
  const rest = await client.ask(`${CM2}/keylist-query`, { paginate: { limit: 2, offset: 2 } });
  expect(rest.message?.body).toEqual({ keys: all.slice(2) });
});

test.each([
  ['a file', newStoreFile],
  ['PostgreSQL', newDatabase],
])('a page far behind the end of the list is empty, and no fault, %s', async (name, place) => {
  const at = await place();
  const store = name === 'a file' ? sqliteStore(at) : (await openPostgres(at)).store;
  const mediator = await testMediator({ store });
  const { client } = await newAccount(mediator);
  const query = `${CM3}/recipient-query`;
  const behind = { paginate: { limit: 2, offset: Number.MAX_SAFE_INTEGER } };
  expect((await client.ask(query, behind)).message?.body).toEqual({ dids: [] });
  const nowhere = { paginate: { limit: 2, offset: 1e300 } };
  expect(await reportOf(client, query, nowhere)).toMatchObject({ code: `e.p.msg.${query}` });
  await store.close();
});

test('an account is whom the envelope proves, never whom the text names', async () => {
  const mediator = await testMediator();
  const victim = await newAccount(mediator);
  await sendLetter(mediator, victim, 'secret');
  const thief = await mediator.client();
  for (const from of [victim.client.peer.did, undefined]) {
    const packed = await thief.pack(`${PICKUP}/delivery-request`, { limit: 1 }, { from });
    expect(await mediator.post(packed)).toEqual({ status: 400, body: '' });
  }
  expect(await reportOf(thief, `${PICKUP}/delivery-request`, { limit: 1 })).toMatchObject({
    status: 200,
    code: 'e.p.req.not_enroll',
    args: [thief.peer.did],
  });
});

/** Somebody with a did:peer:4, under either form of it. */
async function peer4() {
  const base = await newPeer();
  const { multibase } = peer2DocumentOf(base.did).keyAgreement[0]!;
  const long = peer4Around({
    '@context': ['https://www.w3.org/ns/did/v1'],
    keyAgreement: [{ id: '#k', type: 'Multikey', publicKeyMultibase: multibase }],
  });
  const short = long.slice(0, long.lastIndexOf(':')) as Did;
  const named = (did: Did): Peer => ({
    ...base,
    did,
    agreement: { ...base.agreement, kid: `${did}#k` },
    secrets: {
      agreementKey: async (kid) => (kid === `${did}#k` ? base.agreement.privateKey : undefined),
    },
  });
  return { base, long, short, named };
}

test('an account with a did:peer:4 is known by its short form from its grant on', async () => {
  const { base, long, short, named } = await peer4();
  for (const workers of [0, 1]) {
    const mediator = await runningMediator({ workers });
    const { did, routingDid } = mediator.identity;
    const clientAs = (name: Did) => mediatorClient(did, mediator.post, named(name));
    const [byLong, byShort] = [await clientAs(long), await clientAs(short)];
    // Before, it is nobody's that anybody knows.
    expect((await mediator.post(await byShort.pack(PING, {}))).status).toBe(400);
    await byLong.ask(`${CM3}/mediate-request`, {});
    const letters = [await letterFor(base, 'one'), await letterFor(base, 'two')];
    await mediator.post(await forwardOf(letters[0]!, long, routingDid));
    const { message } = await byShort.ask(`${PICKUP}/delivery-request`, { limit: 9 });
    expect(lettersOf(message).map(({ packed }) => packed)).toEqual([letters[0]]);
    expect(message?.to).toEqual([short]);
    // Also where the text still gives the long name.
    const mixed = await byShort.ask(`${PICKUP}/status-request`, {}, { from: long });
    expect(mixed.message?.body['message_count']).toBe(1);

    const socket = await mediator.socket();
    socket.send(await byShort.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true }));
    expect((await byShort.open((await socket.next()).text)).message.type).toBe(`${PICKUP}/status`);
    await mediator.post(await forwardOf(letters[1]!, short, routingDid));
    const pushed = await byShort.open((await socket.next()).text);
    expect(lettersOf(pushed.message).map(({ packed }) => packed)).toEqual([letters[1]]);
    socket.close();
    await mediator.close();
    expect(mediator.faults).toEqual([]);
  }
});

test('both forms of a did:peer:4 have one rate and one number of reports', async () => {
  const { long, short, named } = await peer4();
  const limits = { ratePerAccount: 0.001, burstPerAccount: 4, reportsPerHour: 1 };
  const mediator = await testMediator({ limits });
  const [byLong, byShort] = [
    await mediator.client(named(long)),
    await mediator.client(named(short)),
  ];
  await byLong.ask(`${CM3}/mediate-request`, {});
  expect((await byLong.ask('https://x.example/y/1.0/z', {})).status).toBe(200);
  expect(await byShort.ask('https://x.example/y/1.0/z', {})).toEqual({ status: 202 });
  expect((await byShort.ask(PING, {})).status).toBe(200);
  expect((await byShort.ask(PING, {})).status).toBe(429);
});

test('every pickup and keylist verb needs a grant', async () => {
  const mediator = await testMediator();
  const client = await mediator.client();
  const verbs: [string, object][] = [
    [`${PICKUP}/status-request`, {}],
    [`${PICKUP}/delivery-request`, { limit: 1 }],
    [`${PICKUP}/messages-received`, { message_id_list: ['x'] }],
    [`${PICKUP}/live-delivery-change`, { live_delivery: true }],
    [`${CM2}/keylist-update`, { updates: [] }],
    [`${CM2}/keylist-query`, {}],
    [`${CM3}/recipient-update`, { updates: [] }],
    [`${CM3}/recipient-query`, {}],
  ];
  for (const [type, body] of verbs)
    expect(await reportOf(client, type, body)).toMatchObject({ code: 'e.p.req.not_enroll' });
});

test('nothing but forwards is taken from an anonymous sender', async () => {
  const mediator = await testMediator();
  const { did } = mediator.identity;
  const packed = await packAnoncrypt(nativeEngine, {
    plaintext: { id: 'anon-1', type: `${CM3}/mediate-request`, to: [did], body: {} },
    recipient: peer2DocumentOf(did),
  });
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  const answer = await mediator.post(packed.packed);
  const { message, sender } = await (await mediator.client()).open(answer.body);
  expect([answer.status, sender, message.body['code']]).toEqual([200, did, 'e.p.trust']);
  expect(message).toMatchObject({ pthid: 'anon-1', ack: ['anon-1'] });
  expect((await mediator.store.stats()).accounts).toBe(0);
});

test('answers to DIDs that its keys were known by at another address', async () => {
  const mediator = await testMediator({ url: 'http://localhost:4001' });
  const old = mediator.identity.did.split('.').slice(0, 3).join('.') as Did;
  const moved = `${old}.${mediator.identity.routingDid.split('.').at(-1)!}` as Did;
  for (const did of [old, moved]) {
    expect(mediator.identity.isOwn(did)).toBe(true);
    const client = await mediatorClient(did, mediator.post);
    expect(await client.ask(PING, {})).toMatchObject({ status: 200, sender: did });
  }
});

test('a DID with one of its keys and one of another is not its own', async () => {
  const mediator = await testMediator();
  const foreign = await newPeer();
  const [, ours] = mediator.identity.did.split('.');
  const [, , theirs] = foreign.did.split('.');
  const mixed = `did:peer:2.${ours!}.${theirs!}` as Did;
  expect(mediator.identity.isOwn(mixed)).toBe(false);
  const client = await mediatorClient(mixed, mediator.post);
  expect(await client.ask(PING, {})).toEqual({ status: 400 });
});

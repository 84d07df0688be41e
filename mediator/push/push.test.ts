import { createECDH } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakePushService, type FakePushService } from '../../src/testing/fake-push-service.ts';
import { newFolder } from '../../src/testing/folders.ts';
import {
  forwardOf,
  letterFor,
  lettersOf,
  mediatorClient,
  type MediatorClient,
} from '../../src/testing/mediator-client.ts';
import { newDatabase } from '../../src/testing/postgres/shared.ts';
import { runningMediator, type RunningMediator } from '../../src/testing/running-mediator.ts';
import { fileSettings } from '../settings.ts';
import { loadVapid } from './vapid.ts';

// A mediator that listens, a push service that is a fake and says so, and wallets that are asleep.

const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const PUSH = 'https://w3id.org/parley/push-notifications-webpush/1.0';
/** Long enough that nothing comes of what must not come. */
const QUIET_MS = 300;

let service: FakePushService;
const running: RunningMediator[] = [];
beforeEach(async () => {
  service = await fakePushService();
});
afterEach(async () => {
  for (const mediator of running.splice(0)) {
    await mediator.close();
    expect(mediator.faults).toEqual([]);
  }
  expect(service.complaints).toEqual([]);
  await service.close();
});

type Options = Parameters<typeof runningMediator>[0];
const start = async (options: Options = {}): Promise<RunningMediator> => {
  const mediator = await runningMediator({
    pushServices: ['127.0.0.1'],
    limits: { pushEveryMs: 100 },
    ...options,
  });
  running.push(mediator);
  return mediator;
};
const accountAt = async (mediator: RunningMediator): Promise<MediatorClient> => {
  const client = await mediatorClient(mediator.identity.did, mediator.post);
  await client.ask(`${CM}/mediate-request`, {});
  return client;
};
const keyOf = async (client: MediatorClient): Promise<string> => {
  const { message } = await client.ask(`${PUSH}/get-vapid-key`, {});
  expect(message?.type).toBe(`${PUSH}/vapid-key`);
  return String(message?.body['vapid_public_key']);
};
const set = async (client: MediatorClient, body: object) =>
  (await client.ask(`${PUSH}/set-subscription`, body)).message;
const subscribe = async (client: MediatorClient) => {
  const subscription = service.subscribe(await keyOf(client));
  const answer = await set(client, { ...subscription, expiration_time: null });
  expect(answer).toMatchObject({
    type: `${PUSH}/subscription`,
    body: { endpoint: subscription.endpoint },
  });
  return subscription;
};
const sendTo = async (mediator: RunningMediator, client: MediatorClient): Promise<void> => {
  const letter = await letterFor(client.peer, crypto.randomUUID());
  const packed = await forwardOf(letter, client.peer.did, mediator.identity.routingDid);
  expect((await mediator.post(packed)).status).toBe(202);
};
const collect = async (client: MediatorClient): Promise<void> => {
  const { message } = await client.ask(`${PICKUP}/delivery-request`, { limit: 100 });
  const message_id_list = lettersOf(message).map(({ id }) => id);
  await client.ask(`${PICKUP}/messages-received`, { message_id_list });
};

test('mail for a closed wallet wakes it, and says nothing of itself', async () => {
  const mediator = await start({ limits: { pushEveryMs: 60_000 } });
  const client = await accountAt(mediator);
  const { endpoint } = await subscribe(client);
  await sendTo(mediator, client);
  await sendTo(mediator, client);
  const [pushed] = await service.taken(1);
  expect(JSON.parse(pushed?.text ?? '')).toEqual({ v: 1, m: mediator.identity.did });
  expect(`${service.origin}${pushed?.path}`).toBe(endpoint);
  expect(pushed?.headers).toMatchObject({ ttl: '86400', urgency: 'high', topic: 'mail' });
  expect(pushed?.claims).toMatchObject({ aud: service.origin });
  // The service reads neither whose mailbox it is nor that it is one.
  expect(pushed?.sealed).not.toContain('did:');
  await sleep(QUIET_MS);
  expect(service.pushes).toHaveLength(1); // one a minute, however much comes in
});

test('mail that came in after a push is told of by the next, unless it was collected', async () => {
  const pushEveryMs = 1_500;
  const mediator = await start({ limits: { pushEveryMs } });
  const client = await accountAt(mediator);
  await subscribe(client);
  await sendTo(mediator, client);
  await service.taken(1);
  await collect(client);
  await sendTo(mediator, client);
  await service.taken(2);
  await sendTo(mediator, client);
  await collect(client);
  await sleep(pushEveryMs + QUIET_MS);
  expect(service.pushes).toHaveLength(2);
});

test('nobody is pushed to while a live socket takes the mail, and is when it dies with mail on it', async () => {
  const mediator = await start();
  const client = await accountAt(mediator);
  await subscribe(client);
  const socket = await mediator.socket();
  socket.send(await client.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true }));
  await socket.next();
  await sendTo(mediator, client);
  const [letter] = lettersOf((await client.open((await socket.next()).text)).message);
  await sleep(QUIET_MS);
  expect(service.pushes).toHaveLength(0);
  socket.send(await client.pack(`${PICKUP}/messages-received`, { message_id_list: [letter?.id] }));
  await socket.next();
  await sendTo(mediator, client);
  await socket.next();
  socket.close();
  await service.taken(1);
});

test.each([404, 410])('a subscription that is gone (%i) is forgotten', async (status) => {
  const mediator = await start();
  const client = await accountAt(mediator);
  await subscribe(client);
  service.answer({ status });
  await sendTo(mediator, client);
  await service.taken(1);
  await sleep(QUIET_MS);
  await sendTo(mediator, client);
  await sleep(QUIET_MS);
  expect(service.pushes).toHaveLength(1);
  // A new one holds.
  await subscribe(client);
  await sendTo(mediator, client);
  await service.taken(2);
});

test('a push service that has trouble is asked again, not before it wants to be', async () => {
  const mediator = await start();
  const client = await accountAt(mediator);
  await subscribe(client);
  service.answer({ status: 429, headers: { 'retry-after': '1' } }, { status: 503 });
  const before = performance.now();
  await sendTo(mediator, client);
  await service.taken(2);
  expect(performance.now() - before).toBeGreaterThan(950);
  await service.taken(3);
  await sleep(QUIET_MS);
  expect(service.pushes).toHaveLength(3);
});

test('what was refused is not tried again by itself', async () => {
  const mediator = await start();
  const client = await accountAt(mediator);
  await subscribe(client);
  service.answer({ status: 403 });
  await sendTo(mediator, client);
  await service.taken(1);
  await sleep(QUIET_MS);
  expect(service.pushes).toHaveLength(1);
  await sendTo(mediator, client);
  await service.taken(2);
});

test('a subscription is replaced, and taken back by nulls', async () => {
  const mediator = await start();
  const client = await accountAt(mediator);
  await subscribe(client);
  const { endpoint } = await subscribe(client);
  await sendTo(mediator, client);
  const [pushed] = await service.taken(1);
  expect(endpoint.endsWith(pushed?.path ?? '?')).toBe(true);
  expect(await set(client, { endpoint: null, keys: null })).toMatchObject({
    type: `${PUSH}/subscription`,
    body: { endpoint: null },
  });
  await sleep(QUIET_MS);
  await sendTo(mediator, client);
  await sleep(QUIET_MS);
  expect(service.pushes).toHaveLength(1);
});

test('an expired subscription is not used', async () => {
  const mediator = await start();
  const client = await accountAt(mediator);
  const subscription = service.subscribe(await keyOf(client));
  await set(client, { ...subscription, expiration_time: Math.floor(Date.now() / 1000) - 1 });
  await sendTo(mediator, client);
  await sleep(QUIET_MS);
  expect(service.pushes).toHaveLength(0);
});

test('nothing is sent to whom the operator did not name, and to nobody by a key that is none', async () => {
  const mediator = await start();
  const client = await accountAt(mediator);
  const { keys } = service.subscribe(await keyOf(client));
  const other = createECDH('secp256k1').generateKeys('base64url');
  const refused = { type: 'https://didcomm.org/report-problem/2.0/problem-report' };
  for (const body of [
    { endpoint: 'http://localhost:1/', keys },
    { endpoint: 'https://fcm.googleapis.com.example/x', keys },
    { endpoint: 'https://127.0.0.1:1/#fragment', keys },
    { endpoint: 'no url', keys },
    { endpoint: `${service.origin}/push`, keys: { ...keys, p256dh: other } },
  ])
    expect(await set(client, body)).toMatchObject({
      ...refused,
      body: { code: 'e.p.req.endpoint' },
    });
  for (const body of [
    { endpoint: `${service.origin}/push` },
    { endpoint: `${service.origin}/push`, keys: { ...keys, auth: 'AAAA' } },
  ])
    expect(await set(client, body)).toMatchObject(refused);
  const stranger = await mediatorClient(mediator.identity.did, mediator.post);
  expect(await set(stranger, { endpoint: null })).toMatchObject({
    ...refused,
    body: { code: 'e.p.req.not_enroll' },
  });
});

test('a push key that is there stays, and a broken one is not replaced', async () => {
  const folder = newFolder();
  const settings = fileSettings(folder);
  const { publicB64u } = await loadVapid(settings);
  expect((await loadVapid(fileSettings(folder))).publicB64u).toBe(publicB64u);
  await expect(loadVapid({ ...settings, once: async () => '{}' })).rejects.toThrow('broken');
});

test('several nodes have one key, and push once, when no other one has the socket', async () => {
  const storeUrl = await newDatabase();
  const limits = { pushEveryMs: 60_000 };
  const options = { storeUrl, pollMs: 3_600_000, nodeAddress: '127.0.0.1:0', limits };
  const [one, two] = [await start(options), await start(options)];
  const client = await accountAt(one);
  await subscribe(client);
  const there = await mediatorClient(two.identity.did, two.post, client.peer);
  expect(await keyOf(there)).toBe(await keyOf(client));

  const socket = await two.socket();
  socket.send(await there.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true }));
  await socket.next();
  await sendTo(one, client);
  await socket.next();
  await sleep(QUIET_MS);
  expect(service.pushes).toHaveLength(0);
  await collect(client);
  socket.close();
  await socket.closed();
  // Left behind by the socket, as far as its node knows: it was collected, so nobody is woken for it.
  await sleep(QUIET_MS);
  await Promise.all([sendTo(one, client), sendTo(two, there)]);
  await service.taken(1);
  await collect(client);
  await sleep(QUIET_MS);
  expect(service.pushes).toHaveLength(1);
});

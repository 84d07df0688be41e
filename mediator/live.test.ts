import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { usableKeys } from '../src/didcomm/pack.ts';
import type { Message } from '../src/didcomm/plaintext.ts';
import { utf8 } from '../src/lib/bytes.ts';
import {
  forwardOf,
  letterFor,
  lettersOf,
  mediatorClient,
  type MediatorClient,
} from '../src/testing/mediator-client.ts';
import { documentOf } from '../src/testing/peer-did.ts';
import {
  runningMediator,
  type RunningMediator,
  type TestSocket,
} from '../src/testing/running-mediator.ts';
import { newPeer } from '../src/testing/peer.ts';
import { postForward } from '../src/testing/test-mediator.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';

const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const PICKUP_4 = 'https://didcomm.org/message-pickup/4.0';
const PING = 'https://didcomm.org/trust-ping/2.0/ping';

let mediator: RunningMediator;
afterEach(async () => {
  await mediator.close();
  expect(mediator.faults).toEqual([]);
});
const start = async (limits: Partial<Limits> = {}): Promise<void> => {
  mediator = await runningMediator({ limits });
};

async function account(): Promise<MediatorClient> {
  const client = await mediatorClient(mediator.identity.did, mediator.post);
  await client.ask(`${CM}/mediate-request`, {});
  return client;
}

async function askOn(
  socket: TestSocket,
  client: MediatorClient,
  type: string,
  body: object,
): Promise<Message> {
  socket.send(await client.pack(type, body));
  return (await client.open((await socket.next()).text)).message;
}

const goLive = (
  socket: TestSocket,
  client: MediatorClient,
  live_delivery: boolean | string = true,
) => askOn(socket, client, `${PICKUP}/live-delivery-change`, { live_delivery });

async function send(client: MediatorClient, text: string): Promise<string> {
  const letter = await letterFor(client.peer, text);
  const forward = await forwardOf(letter, client.peer.did, mediator.identity.routingDid);
  expect((await mediator.post(forward)).status).toBe(202);
  return letter;
}

async function pushedOn(socket: TestSocket, client: MediatorClient) {
  const { text, binary } = await socket.next();
  expect(binary).toBe(false);
  const { message, sender } = await client.open(text);
  return { message, sender, letters: lettersOf(message) };
}

test('a replay neither closes a socket of its sender nor makes one live', async () => {
  await start({ socketsPerAccount: 1 });
  const client = await account();
  const socket = await mediator.socket();
  const change = await client.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true });
  socket.send(change);
  await socket.next();
  const thief = await mediator.socket();
  const keys = await usableKeys(await documentOf(mediator.identity.did));
  for (const replay of [change, await nativeEngine.anoncrypt(utf8(change), keys)]) {
    thief.send(replay);
    const { message } = await client.open((await thief.next()).text);
    expect(message.body['code']).toBe('e.p.crypto.message.dejavu');
  }
  const letter = await send(client, 'for the owner');
  expect((await pushedOn(socket, client)).letters[0]?.packed).toBe(letter);
  // The socket is still nobody's: whoever proves a DID on it has it.
  const owner = await account();
  expect((await goLive(thief, owner)).type).toBe(`${PICKUP}/status`);
});

test('in live mode mail comes by itself, in order, and stays until it is acknowledged', async () => {
  await start();
  const client = await account();
  const old = await send(client, 'before');
  const socket = await mediator.socket();
  const status = await goLive(socket, client);
  expect(status.type).toBe(`${PICKUP}/status`);
  expect(status.body).toMatchObject({ message_count: 1, live_delivery: true });
  expect(await socket.silentFor(50)).toBe(true); // the queue is not flushed

  const sent = [await send(client, 'one'), await send(client, 'two'), await send(client, 'three')];
  const ids: string[] = [];
  for (const letter of sent) {
    const { message, sender, letters } = await pushedOn(socket, client);
    expect(sender).toBe(mediator.identity.did);
    expect(message).toMatchObject({
      type: `${PICKUP}/delivery`,
      to: [client.peer.did],
      thid: status.thid,
    });
    expect(letters.map(({ packed }) => packed)).toEqual([letter]);
    ids.push(letters[0]!.id);
  }
  const queued = await client.ask(`${PICKUP}/delivery-request`, { limit: 10 });
  expect(lettersOf(queued.message).map(({ packed }) => packed)).toEqual([old, ...sent]);
  const acked = await askOn(socket, client, `${PICKUP}/messages-received`, {
    message_id_list: ids,
  });
  expect(acked.body).toMatchObject({ message_count: 1 });
});

test('live mode is of one socket and ends with it', async () => {
  await start();
  const client = await account();
  const live = await mediator.socket();
  const plain = await mediator.socket();
  await goLive(live, client, 'true');
  const status = await askOn(plain, client, `${PICKUP}/status-request`, {});
  expect(status.body).toMatchObject({ live_delivery: false });
  await send(client, 'one');
  expect((await pushedOn(live, client)).letters).toHaveLength(1);
  expect(await plain.silentFor(50)).toBe(true);

  expect((await goLive(live, client, false)).body).toMatchObject({ live_delivery: false });
  await send(client, 'two');
  expect(await live.silentFor(50)).toBe(true);
  live.close();
  const next = await mediator.socket();
  expect(await next.silentFor(50)).toBe(true);
  expect((await askOn(next, client, `${PICKUP}/status-request`, {})).body).toMatchObject({
    message_count: 2,
    live_delivery: false,
  });
});

test('a socket belongs to the first DID proved on it', async () => {
  await start();
  const mine = await account();
  const other = await account();
  const socket = await mediator.socket();
  await goLive(socket, mine);
  const refused = await goLive(socket, other);
  expect(refused.body['code']).toBe('e.m.live-mode-not-supported');
  await send(other, 'for the other one');
  expect(await socket.silentFor(50)).toBe(true);
  await send(mine, 'for me');
  expect((await pushedOn(socket, mine)).letters).toHaveLength(1);
});

test('live mode needs a grant', async () => {
  await start();
  const client = await mediatorClient(mediator.identity.did, mediator.post);
  const socket = await mediator.socket();
  expect((await goLive(socket, client)).body['code']).toBe('e.p.req.not_enroll');
});

test('answers to frames come on the socket whatever they ask for; binary frames are read', async () => {
  await start();
  const client = await account();
  const socket = await mediator.socket();
  for (const return_route of ['all', 'none', undefined]) {
    socket.send(Buffer.from(await client.pack(PING, {}, { return_route })));
    const { message } = await client.open((await socket.next()).text);
    expect(message.type).toBe(`${PING}-response`);
  }
});

test('frames of one socket are answered in their order', async () => {
  await start();
  const client = await account();
  const socket = await mediator.socket();
  const ids = Array.from({ length: 30 }, (_, i) => `ping-${i}`);
  const packed = await Promise.all(ids.map((id) => client.pack(PING, {}, { id })));
  for (const frame of packed) socket.send(frame);
  const answered: unknown[] = [];
  for (const _ of ids) answered.push((await client.open((await socket.next()).text)).message.thid);
  expect(answered).toEqual(ids);
});

test('a frame that had to wait is not taken any more when its socket is gone', async () => {
  await start({ ratePerAccount: 1, burstPerAccount: 5 });
  const client = await account();
  const { did } = await newPeer();
  const update = { updates: [{ recipient_did: did, action: 'add' }] };
  const packed = await client.pack(`${CM}/recipient-update`, update);
  while ((await mediator.post(await client.pack(PING, {}))).status === 200);
  const socket = await mediator.socket();
  socket.send(packed);
  await sleep(100);
  socket.raw.terminate();
  await sleep(2_500);
  const { message } = await client.ask(`${CM}/recipient-query`, {});
  expect(message?.body['dids']).not.toContainEqual({ recipient_did: did });
  // It was never remembered: sent again, it is taken.
  expect((await mediator.post(packed)).status).toBe(200);
});

test('garbage in a frame is answered by nothing, and the socket lives on', async () => {
  await start();
  const client = await account();
  const socket = await mediator.socket();
  for (const frame of ['', 'x', '{}', '['.repeat(5000), Buffer.from([0xff, 0x00])])
    socket.send(frame);
  expect((await askOn(socket, client, PING, {})).type).toBe(`${PING}-response`);
});

test('a frame over 1 MiB closes the socket with 1009', async () => {
  await start();
  const socket = await mediator.socket();
  socket.send('x'.repeat(1024 * 1024 + 1));
  expect(await socket.closed()).toBe(1009);
});

test('pushing stops at the window of unacknowledged messages; nothing is dropped', async () => {
  await start({ unackedPushes: 2 });
  const client = await account();
  const socket = await mediator.socket();
  await goLive(socket, client);
  for (const text of ['one', 'two', 'three']) await send(client, text);
  const pushed = [await pushedOn(socket, client), await pushedOn(socket, client)];
  expect(await socket.silentFor(50)).toBe(true);
  const ids = pushed.flatMap(({ letters }) => letters.map(({ id }) => id));
  const acked = await askOn(socket, client, `${PICKUP}/messages-received`, {
    message_id_list: ids,
  });
  expect(acked.body).toMatchObject({ message_count: 1 });
  await send(client, 'four');
  expect((await pushedOn(socket, client)).letters).toHaveLength(1);
});

test('who reads nothing is pushed no more than fits on its way; all of it stays in the inbox', async () => {
  await start({ bufferedBytes: 1, unackedPushes: 1_000 });
  const client = await account();
  const socket = await mediator.socket();
  await goLive(socket, client);
  socket.raw.pause();
  const letters: string[] = [];
  for (let i = 0; i < 40; i += 1) letters.push(await send(client, `${i}`.padEnd(250_000, 'x')));
  socket.raw.resume();
  let pushed = 0;
  while (!(await socket.silentFor(200))) {
    const { letters: some } = await pushedOn(socket, client);
    expect(some.map(({ packed }) => packed)).toEqual([letters[pushed]]);
    pushed += 1;
  }
  expect(pushed).toBeGreaterThan(0);
  expect(pushed).toBeLessThan(letters.length);
  const status = await askOn(socket, client, `${PICKUP}/status-request`, {});
  expect(status.body).toMatchObject({ message_count: letters.length, live_delivery: true });
});

test('of a forward that is refused because it does not fit nothing is pushed', async () => {
  await start({ store: { ...DEFAULT_LIMITS.store, messagesPerInbox: 1 } });
  const client = await account();
  const socket = await mediator.socket();
  await goLive(socket, client);
  const letters = [await letterFor(client.peer, 'one'), await letterFor(client.peer, 'two')];
  const answer = await postForward(mediator, mediator.identity.routingDid, {
    body: { next: client.peer.did },
    attachments: letters.map((letter) => ({ data: { json: letter } })),
  });
  expect(answer.status).toBe(507);
  const letter = await send(client, 'three');
  const pushed = await pushedOn(socket, client);
  expect(pushed.letters.map(({ packed }) => packed)).toEqual([letter]);
});

test('more sockets than an account may have push out the oldest', async () => {
  await start({ socketsPerAccount: 2 });
  const client = await account();
  const sockets = [];
  for (let i = 0; i < 3; i += 1) {
    const socket = await mediator.socket();
    await goLive(socket, client);
    sockets.push(socket);
  }
  expect(await sockets[0]!.closed()).toBe(1008);
  await send(client, 'one');
  for (const socket of sockets.slice(1))
    expect((await pushedOn(socket, client)).letters).toHaveLength(1);
});

test('a socket that was pushed out and answers no goodbye takes no place', async () => {
  await start({ socketsPerAccount: 2 });
  const client = await account();
  const sockets: TestSocket[] = [];
  for (let i = 0; i < 4; i += 1) {
    const socket = await mediator.socket();
    await goLive(socket, client);
    if (i === 0) socket.raw.pause();
    sockets.push(socket);
  }
  expect(await sockets[1]!.closed()).toBe(1008);
  sockets[0]!.raw.resume();
  expect(await sockets[0]!.closed()).toBe(1008);
  await send(client, 'one');
  for (const socket of sockets.slice(2))
    expect((await pushedOn(socket, client)).letters).toHaveLength(1);
});

test('more sockets than the process may have are refused', async () => {
  await start({ sockets: 1 });
  const first = await mediator.socket();
  await expect(mediator.socket()).rejects.toThrow('503');
  first.close();
  await first.closed();
  await expect(mediator.socket()).resolves.toBeDefined();
});

test('more sockets than one address may have are refused', async () => {
  await start({ socketsPerIp: 2 });
  const first = await mediator.socket();
  await mediator.socket();
  await expect(mediator.socket()).rejects.toThrow('429');
  first.close();
  await first.closed();
  await expect(mediator.socket()).resolves.toBeDefined();
});

test('a socket that does not answer pings is ended', async () => {
  await start({ socketPingMs: 50 });
  const socket = await mediator.socket();
  expect(await socket.silentFor(200)).toBe(true);
  expect(socket.raw.readyState).toBe(socket.raw.OPEN);
  socket.raw.pause();
  setTimeout(() => socket.raw.resume(), 300);
  expect(await socket.closed()).toBe(1006);
});

test('stopping closes sockets with 1012', async () => {
  await start();
  const socket = await mediator.socket();
  const [code] = await Promise.all([socket.closed(), mediator.close()]);
  expect(code).toBe(1012);
  mediator = await runningMediator();
});

test('in 4.0 the window is refilled once it is acknowledged, for no status tells of the rest', async () => {
  await start({ unackedPushes: 2 });
  const client = await account();
  const socket = await mediator.socket();
  await askOn(socket, client, `${PICKUP_4}/live-delivery-change`, { live_delivery: true });
  const sent = [];
  for (const text of ['1', '2', '3', '4', '5']) sent.push(await send(client, text));
  const got: string[] = [];
  while (got.length < sent.length) {
    const ids: string[] = [];
    for (let i = 0; i < 2 && got.length < sent.length; i += 1) {
      const { message, letters } = await pushedOn(socket, client);
      expect(message.type).toBe(`${PICKUP_4}/delivery`);
      got.push(...letters.map(({ packed }) => packed));
      ids.push(...letters.map(({ id }) => id));
    }
    expect(await socket.silentFor(30)).toBe(true);
    socket.send(await client.pack(`${PICKUP_4}/messages-received`, { message_id_list: ids }));
  }
  expect(got.map((packed) => JSON.parse(packed))).toEqual(sent.map((packed) => JSON.parse(packed)));
  expect(await socket.silentFor(30)).toBe(true);
});

test('what a page had no room for is pushed after it', async () => {
  await start({ unackedPushes: 2, innerBytes: 4_000 });
  const client = await account();
  const socket = await mediator.socket();
  await askOn(socket, client, `${PICKUP_4}/live-delivery-change`, { live_delivery: true });
  const sent = [];
  for (const text of ['1', '2', '3', '4', '5'])
    sent.push(await send(client, text.padEnd(1_500, 'x')));
  const got: string[] = [];
  for (const count of [2, 1, 1, 1]) {
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const { letters } = await pushedOn(socket, client);
      got.push(...letters.map(({ packed }) => packed));
      ids.push(...letters.map(({ id }) => id));
    }
    socket.send(await client.pack(`${PICKUP_4}/messages-received`, { message_id_list: ids }));
  }
  expect(got).toEqual(sent);
});

test('at /ws/bin everything goes out in binary frames', async () => {
  await start();
  const client = await account();
  const socket = await mediator.socket('/ws/bin');
  socket.send(await client.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true }));
  const answer = await socket.next();
  expect(answer.binary).toBe(true);
  expect((await client.open(answer.text)).message.type).toBe(`${PICKUP}/status`);
  const letter = await send(client, 'one');
  const pushed = await socket.next();
  expect(pushed.binary).toBe(true);
  expect(lettersOf((await client.open(pushed.text)).message).map(({ packed }) => packed)).toEqual([
    letter,
  ]);
});

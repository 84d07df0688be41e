import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  CM,
  accountAt,
  askOn,
  goLive,
  PICKUP,
  pushedOn,
  sendTo,
  startLive,
} from '../src/testing/live-world.ts';
import { letterFor } from '../src/testing/mediator-client.ts';
import { newPeer } from '../src/testing/peer.ts';
import { runningMediator, type TestSocket } from '../src/testing/running-mediator.ts';
import { postForward } from '../src/testing/test-mediator.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const PING = 'https://didcomm.org/trust-ping/2.0/ping';

test('a frame that had to wait is not taken any more when its socket is gone', async () => {
  const mediator = await startLive({ ratePerAccount: 1, burstPerAccount: 5 });
  const client = await accountAt(mediator);
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

test('a frame over 1 MiB closes the socket with 1009', async () => {
  const mediator = await startLive();
  const socket = await mediator.socket();
  socket.send('x'.repeat(1024 * 1024 + 1));
  expect(await socket.closed()).toBe(1009);
});

test('pushing stops at the window of unacknowledged messages; nothing is dropped', async () => {
  const mediator = await startLive({ unackedPushes: 2 });
  const client = await accountAt(mediator);
  const socket = await mediator.socket();
  await goLive(socket, client);
  for (const text of ['one', 'two', 'three']) await sendTo(mediator, client, text);
  const pushed = [await pushedOn(socket, client), await pushedOn(socket, client)];
  expect(await socket.silentFor(50)).toBe(true);
  const ids = pushed.flatMap(({ letters }) => letters.map(({ id }) => id));
  const acked = await askOn(socket, client, `${PICKUP}/messages-received`, {
    message_id_list: ids,
  });
  expect(acked.body).toMatchObject({ message_count: 1 });
  await sendTo(mediator, client, 'four');
  expect((await pushedOn(socket, client)).letters).toHaveLength(1);
});

test('who reads nothing is pushed no more than fits on its way; all of it stays in the inbox', async () => {
  const mediator = await startLive({ bufferedBytes: 1, unackedPushes: 1_000 });
  const client = await accountAt(mediator);
  const socket = await mediator.socket();
  await goLive(socket, client);
  socket.raw.pause();
  const letters: string[] = [];
  for (let i = 0; i < 40; i += 1)
    letters.push(await sendTo(mediator, client, `${i}`.padEnd(250_000, 'x')));
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
  const mediator = await startLive({ store: { ...DEFAULT_LIMITS.store, messagesPerInbox: 1 } });
  const client = await accountAt(mediator);
  const socket = await mediator.socket();
  await goLive(socket, client);
  const letters = [await letterFor(client.peer, 'one'), await letterFor(client.peer, 'two')];
  const answer = await postForward(mediator, mediator.identity.routingDid, {
    body: { next: client.peer.did },
    attachments: letters.map((letter) => ({ data: { json: letter } })),
  });
  expect(answer.status).toBe(507);
  const letter = await sendTo(mediator, client, 'three');
  const pushed = await pushedOn(socket, client);
  expect(pushed.letters.map(({ packed }) => packed)).toEqual([letter]);
});

test('more sockets than an account may have push out the oldest', async () => {
  const mediator = await startLive({ socketsPerAccount: 2 });
  const client = await accountAt(mediator);
  const sockets = [];
  for (let i = 0; i < 3; i += 1) {
    const socket = await mediator.socket();
    await goLive(socket, client);
    sockets.push(socket);
  }
  expect(await sockets[0]!.closed()).toBe(1008);
  await sendTo(mediator, client, 'one');
  for (const socket of sockets.slice(1))
    expect((await pushedOn(socket, client)).letters).toHaveLength(1);
});

test('a socket that was pushed out and answers no goodbye takes no place', async () => {
  const mediator = await startLive({ socketsPerAccount: 2 });
  const client = await accountAt(mediator);
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
  await sendTo(mediator, client, 'one');
  for (const socket of sockets.slice(2))
    expect((await pushedOn(socket, client)).letters).toHaveLength(1);
});

test('more sockets than the process may have are refused', async () => {
  const mediator = await startLive({ sockets: 1 });
  const first = await mediator.socket();
  await expect(mediator.socket()).rejects.toThrow('503');
  first.close();
  await first.closed();
  await expect(mediator.socket()).resolves.toBeDefined();
});

test('more sockets than one address may have are refused', async () => {
  const mediator = await startLive({ socketsPerIp: 2 });
  const first = await mediator.socket();
  await mediator.socket();
  await expect(mediator.socket()).rejects.toThrow('429');
  first.close();
  await first.closed();
  await expect(mediator.socket()).resolves.toBeDefined();
});

test('a socket that does not answer pings is ended', async () => {
  const mediator = await startLive({ socketPingMs: 50 });
  const socket = await mediator.socket();
  expect(await socket.silentFor(200)).toBe(true);
  expect(socket.raw.readyState).toBe(socket.raw.OPEN);
  socket.raw.pause();
  setTimeout(() => socket.raw.resume(), 300);
  expect(await socket.closed()).toBe(1006);
});

test('stopping closes sockets with 1012', async () => {
  const mediator = await runningMediator();
  const socket = await mediator.socket();
  const [code] = await Promise.all([socket.closed(), mediator.close()]);
  expect(code).toBe(1012);
  expect(mediator.faults).toEqual([]);
});

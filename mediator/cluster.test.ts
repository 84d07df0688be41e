import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { startMediator } from '../e2e/mediator-process.ts';
import type { Did } from '../src/did/did.ts';
import { enrol, pickUp } from '../src/testing/accounts.ts';
import { walletFolder } from '../src/testing/folders.ts';
import {
  forwardOf,
  letterFor,
  lettersOf,
  type MediatorClient,
} from '../src/testing/mediator-client.ts';
import { postgresServer } from '../src/testing/postgres/server.ts';
import { newDatabase } from '../src/testing/postgres/shared.ts';
import {
  openSocket,
  runningMediator,
  type RunningMediator,
  type TestSocket,
} from '../src/testing/running-mediator.ts';
import type { Limits } from './limits.ts';
import { StoreError } from './store/errors.ts';

// Several nodes on one database.

const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const NEVER_MS = 3_600_000;

let storeUrl: string;
beforeEach(async () => {
  storeUrl = await newDatabase();
});
const running: RunningMediator[] = [];
afterEach(async () => {
  for (const node of running.splice(0)) {
    await node.close();
    expect(node.faults).toEqual([]);
  }
});
interface NodeOptions {
  readonly nodeAddress?: string;
  readonly pollMs?: number;
  readonly limits?: Partial<Limits>;
}
const node = async (options: NodeOptions): Promise<RunningMediator> => {
  const started = await runningMediator({ storeUrl, ...options });
  running.push(started);
  return started;
};
const WOKEN: NodeOptions = { nodeAddress: '127.0.0.1:0', pollMs: NEVER_MS };
const ALONE: NodeOptions = { pollMs: 100 };

const accountAt = async (one: RunningMediator): Promise<MediatorClient> =>
  (await enrol(one.url)).client;
const goLive = async (socket: TestSocket, client: MediatorClient): Promise<void> => {
  socket.send(await client.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true }));
  const { message } = await client.open((await socket.next()).text);
  expect(message.body).toMatchObject({ live_delivery: true });
};
const sendTo = async (
  post: RunningMediator['post'],
  client: MediatorClient,
  routingDid: Did,
): Promise<string | undefined> => {
  const letter = await letterFor(client.peer, crypto.randomUUID());
  const { status } = await post(await forwardOf(letter, client.peer.did, routingDid));
  return status === 202 ? letter : undefined;
};
const pushedOn = async (socket: TestSocket, client: MediatorClient) =>
  lettersOf((await client.open((await socket.next()).text)).message);

test.each([
  ['woken by the other', WOKEN, WOKEN],
  ['looking for itself', ALONE, ALONE],
  ['looking for itself while no word gets through', ALONE, { ...WOKEN, pollMs: 100 }],
])('what comes in at one node goes out at the other, %s', async (_how, first, second) => {
  const [one, two] = [await node(first), await node(second)];
  const client = await accountAt(one);
  const old = await sendTo(one.post, client, one.identity.routingDid);
  const socket = await two.socket();
  await goLive(socket, client);
  expect(await socket.silentFor(300)).toBe(true); // the queue is not flushed

  const sent: (string | undefined)[] = [];
  const pushed: string[] = [];
  for (const from of [one, one, two, one]) {
    // Two nodes are one mediator: either reads what was made for the other's address.
    sent.push(await sendTo(from.post, client, two.identity.routingDid));
    for (const { packed } of await pushedOn(socket, client)) pushed.push(packed);
  }
  expect(pushed).toEqual(sent);
  expect(await socket.silentFor(300)).toBe(true); // and nothing twice
  expect(await pickUp(client)).toEqual([old, ...sent]);
});

test('what is acknowledged at one node makes room on a socket of the other', async () => {
  const options = { ...ALONE, limits: { unackedPushes: 2 } };
  const [one, two] = [await node(options), await node(options)];
  const client = await accountAt(one);
  const socket = await two.socket();
  await goLive(socket, client);
  const send = () => sendTo(one.post, client, one.identity.routingDid);
  const sent = [await send(), await send(), await send()];
  const first = [...(await pushedOn(socket, client)), ...(await pushedOn(socket, client))];
  expect(first.map(({ packed }) => packed)).toEqual(sent.slice(0, 2));
  expect(await socket.silentFor(300)).toBe(true);
  const ids = first.map(({ id }) => id);
  await client.ask(`${PICKUP}/messages-received`, { message_id_list: ids });
  expect((await pushedOn(socket, client)).map(({ packed }) => packed)).toEqual(sent.slice(2));
});

test('a socket that is gone is not written to, and a node that left is not called', async () => {
  const [one, two] = [await node(WOKEN), await node(WOKEN)];
  const client = await accountAt(one);
  const socket = await two.socket();
  await goLive(socket, client);
  socket.close();
  await socket.closed();
  await sendTo(one.post, client, one.identity.routingDid);
  const next = await one.socket();
  await goLive(next, client);
  await running.pop()?.close();
  const last = await sendTo(one.post, client, one.identity.routingDid);
  expect((await pushedOn(next, client))[0]?.packed).toBe(last);
});

test('when the node with the sockets is killed, the other has everything', async () => {
  const flags = ['--store', storeUrl, '--node-address', '127.0.0.1:0'];
  const two = await startMediator(flags, walletFolder());
  onTestFinished(() => two.dispose());
  const one = await node({ ...WOKEN, pollMs: 200 });
  const client = await accountAt(one);
  const socket = await openSocket(two.url);
  await goLive(socket, client);
  const accepted: (string | undefined)[] = [];
  const pushed: string[] = [];
  for (let i = 0; i < 40; i += 1) {
    if (i === 20) await two.kill();
    accepted.push(await sendTo(one.post, client, one.identity.routingDid));
    if (i < 20) for (const { packed } of await pushedOn(socket, client)) pushed.push(packed);
  }
  expect(pushed).toEqual(accepted.slice(0, 20));
  const here = await one.socket();
  await goLive(here, client);
  accepted.push(await sendTo(one.post, client, one.identity.routingDid));
  expect((await pushedOn(here, client))[0]?.packed).toBe(accepted.at(-1));
  expect(await pickUp(client)).toEqual(accepted);
});

test('when the database is killed and comes back, nothing answered is lost', async () => {
  const server = await postgresServer();
  onTestFinished(() => server.dispose());
  const options = { storeUrl: server.url(), pollMs: 100, nodeAddress: '127.0.0.1:0' };
  const [one, two] = [await runningMediator(options), await runningMediator(options)];
  const client = await accountAt(one);
  const socket = await two.socket();
  await goLive(socket, client);
  const accepted: string[] = [];
  let refused = 0;
  let done = false;
  const sender = async (): Promise<void> => {
    while (!done) {
      const letter = await sendTo(one.post, client, one.identity.routingDid);
      if (letter === undefined) refused += 1;
      else accepted.push(letter);
    }
  };
  const senders = Array.from({ length: 4 }, sender);
  await sleep(300);
  await server.kill();
  await sleep(300);
  await server.start();
  const before = accepted.length;
  while (accepted.length < before + 20) await sleep(50);
  done = true;
  await Promise.all(senders);
  expect(refused).toBeGreaterThan(0);

  const received = await pickUp(client);
  expect(accepted.filter((letter) => !received.includes(letter))).toEqual([]);
  const last = await sendTo(one.post, client, one.identity.routingDid);
  // The socket stayed, and hears of mail again; before it, of what came in meanwhile.
  let pushed: string | undefined;
  while (pushed !== last) pushed = (await pushedOn(socket, client))[0]?.packed;
  for (const mediator of [one, two]) {
    await mediator.close();
    expect(mediator.faults.filter((fault) => !(fault instanceof StoreError))).toEqual([]);
  }
});

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { startMediator, type MediatorProcess } from '../e2e/mediator-process.ts';
import type { Did } from '../src/did/did.ts';
import { didAt, enrol } from '../src/testing/accounts.ts';
import { newFolder, walletFolder } from '../src/testing/folders.ts';
import {
  forwardOf,
  letterFor,
  mediatorClient,
  type MediatorClient,
} from '../src/testing/mediator-client.ts';
import { newDatabase } from '../src/testing/postgres/shared.ts';
import { openSocket, postTo, postUnlessGone } from '../src/testing/running-mediator.ts';

// The program itself, started and ended as an operator and a power cut do.

const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const PING = 'https://didcomm.org/trust-ping/2.0/ping';
const NO_RATES = ['--rate-per-ip', '1000000', '--burst-per-ip', '1000000'];

const dist = walletFolder();
let mediator: MediatorProcess;
afterEach(async () => {
  await mediator.dispose();
});
const start = async (...flags: string[]): Promise<void> => {
  mediator = await startMediator(flags, dist);
};
const post = (packed: string) => postTo(mediator.url, packed);
const didOfMediator = () => didAt(mediator.url);

test('prints one line when it is ready, stops with 0, and is the same one afterwards', async () => {
  await start();
  const did = await didOfMediator();
  expect(mediator.output()).toBe(`Parley is ready at ${mediator.url}\n`);
  expect(statSync(join(mediator.dataDir, 'keys.json')).mode & 0o777).toBe(0o600);
  const socket = await openSocket(mediator.url);
  const [code, closed] = await Promise.all([mediator.stop(), socket.closed()]);
  expect([code, closed]).toEqual([0, 1012]);
  await mediator.restart();
  expect(await didOfMediator()).toBe(did);
});

test('keeps its accounts when it moves to another address', async () => {
  await start();
  const did = await didOfMediator();
  const client = await mediatorClient(did, post);
  await client.ask(`${CM}/mediate-request`, {});
  await mediator.stop();
  const moved = await startMediator(['--data', mediator.dataDir], dist);
  const there = await mediatorClient(did, (packed) => postTo(moved.url, packed), client.peer);
  const { message, sender } = await there.ask(`${PICKUP}/status-request`, {});
  expect([message?.type, sender]).toEqual([`${PICKUP}/status`, did]);
  expect(await didAt(moved.url)).not.toBe(did);
  await moved.dispose();
});

const STORES: [name: string, flags: () => Promise<string[]>][] = [
  ['SQLite', async () => []],
  ['PostgreSQL', async () => ['--store', await newDatabase()]],
];

test.each(STORES)(
  'gets new keys while it is stopped, and is then found under old and new names, %s',
  async (name, store) => {
    const flags = await store();
    await start(...flags);
    const did = await didOfMediator();
    const where = name === 'SQLite' ? ['--data', mediator.dataDir] : flags;
    const rotate = () =>
      spawnSync(process.execPath, ['scripts/rotate-keys.ts', ...where], { encoding: 'utf8' });
    const refused = rotate();
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    // A sentence, no stack.
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    await mediator.stop();
    expect(rotate()).toMatchObject({ status: 0, stderr: '' });
    await mediator.restart();
    const now = await didOfMediator();
    expect(now).not.toBe(did);
    for (const known of [did, now]) {
      const { sender } = await (await mediatorClient(known, post)).ask(PING, {});
      expect(sender).toBe(known);
    }
  },
);

test('a second process on the same data is refused, and what it cannot have is named', async () => {
  await start();
  const run = (...flags: string[]) =>
    spawnSync(process.execPath, ['mediator/main.ts', '--port', '0', ...flags], {
      encoding: 'utf8',
      timeout: 30_000, // one that starts after all
    });
  const second = run('--data', mediator.dataDir);
  expect(second.status).toBe(1);
  expect(second.stderr).toContain('another process holds this data');
  const port = new URL(mediator.url).port;
  const other = newFolder();
  const taken = run('--data', other, '--port', port);
  expect([taken.status, taken.stderr]).toEqual([
    1,
    `Port ${port} is taken: choose another by --port (npm start -- --help lists all flags)\n`,
  ]);
  for (const flag of ['--http-port', '--admin-port', '--node-address']) {
    const at = flag === '--node-address' ? `127.0.0.1:${port}` : port;
    const store = flag === '--node-address' ? ['--store', await newDatabase()] : [];
    const lan = flag === '--http-port' ? ['--lan', '--host', '127.0.0.1'] : [];
    const { stderr } = run('--data', other, ...lan, ...store, flag, at);
    expect(stderr).toBe(
      `Port ${port} is taken: choose another by ${flag} (npm start -- --help lists all flags)\n`,
    );
  }
  const nowhere = run('--store', 'postgres://127.0.0.1:1/x');
  expect([nowhere.status, nowhere.stderr]).toEqual([
    1,
    'PostgreSQL is not available: connect ECONNREFUSED 127.0.0.1:1\n',
  ]);
}, 90_000);

/** One sender; it stops when the mediator is gone. */
async function sendUntilRefused(client: MediatorClient, routingDid: Did, accepted: Set<string>) {
  for (;;) {
    const letter = await letterFor(client.peer, crypto.randomUUID());
    const forward = await forwardOf(letter, client.peer.did, routingDid);
    const answer = await postUnlessGone(mediator.url, forward);
    if (answer?.status !== 202) return;
    accepted.add(JSON.stringify(JSON.parse(letter)));
  }
}

test.each(STORES)('stopping under load loses nothing either, %s', async (_name, store) => {
  await start(...NO_RATES, ...(await store()));
  const { client, routingDid } = await enrol(mediator.url);
  const accepted = new Set<string>();
  const senders = Array.from({ length: 8 }, () => sendUntilRefused(client, routingDid, accepted));
  while (accepted.size <= 10) await sleep(10);
  expect(await mediator.stop()).toBe(0);
  await Promise.all(senders);
  await mediator.restart();
  const { message } = await client.ask(`${PICKUP}/status-request`, {});
  expect(message?.body['message_count']).toBeGreaterThanOrEqual(accepted.size);
  expect((await client.ask(PING, {})).status).toBe(200);
});

import { spawnSync } from 'node:child_process';
import { copyFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startMediator, type MediatorProcess } from '../e2e/mediator-process.ts';
import { enrol, pickUp, printerFor } from '../src/testing/accounts.ts';
import { walletFolder } from '../src/testing/folders.ts';
import { lettersOf } from '../src/testing/mediator-client.ts';
import { postgresServer } from '../src/testing/postgres/server.ts';
import { postTo } from '../src/testing/running-mediator.ts';

// A disk that is full, a database that is gone: what the operator and the wallets meet, until it is over.

const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const NO_RATES = ['--rate-per-ip', '1000000', '--burst-per-ip', '1000000'];

const dist = walletFolder();

/** A mediator with one account, and who sends to it. */
async function start(...flags: string[]) {
  const mediator = await startMediator([...NO_RATES, ...flags], dist);
  onTestFinished(() => mediator.dispose());
  const account = await enrol(mediator.url);
  const { client } = account;
  const print = await printerFor(account);
  const accepted: string[] = [];
  const send = async (): Promise<number> => {
    const { packed, letter } = await print();
    const { status } = await postTo(mediator.url, packed);
    if (status === 202) accepted.push(letter);
    return status;
  };
  const page = async () => {
    const { message } = await client.ask(`${PICKUP}/delivery-request`, { limit: 20 });
    return lettersOf(message);
  };
  const ready = async (): Promise<number> => (await fetch(`${mediator.url}/ready`)).status;
  return { mediator, client, accepted, send, page, ready };
}

/** Events of its log, in their order. */
const eventsOf = (mediator: MediatorProcess): string[] =>
  [...mediator.output().matchAll(/^\S+Z (\S+)/gm)].map(([, name = '']) => name);

test('a full disk: 503, never 202; mail from before is handed out; with room again all goes on', async () => {
  const { mediator, client, accepted, send, page, ready } = await start();
  const inbox = join(mediator.dataDir, 'inbox.db');
  for (let i = 0; i < 3; i += 1) expect(await send()).toBe(202);
  const before = [...accepted];

  const limit = (bytes: number | 'unlimited') => {
    const args = ['--pid', String(mediator.pid()), `--fsize=${bytes}:`];
    expect(spawnSync('prlimit', args, { encoding: 'utf8' })).toMatchObject({ status: 0 });
  };
  // Room for some transactions, and for a part of one; then for nothing.
  limit(statSync(`${inbox}-wal`).size + 60_000);
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push(await send());
  statuses.push(...(await Promise.all(Array.from({ length: 40 }, send))));
  expect(new Set(statuses)).toEqual(new Set([202, 503]));
  limit(1);
  expect(await send()).toBe(503);
  await expect.poll(ready).toBe(503);
  const letters = await page();
  expect(letters.slice(0, 3).map(({ packed }) => packed)).toEqual(before);
  const ids = letters.map(({ id }) => id);
  const acknowledge = { message_id_list: ids };
  expect((await client.ask(`${PICKUP}/messages-received`, acknowledge)).status).toBe(503);

  limit('unlimited');
  await expect.poll(ready, { timeout: 5_000 }).toBe(200);
  expect(await send()).toBe(202);
  expect(await pickUp(client)).toEqual(accepted);
  await expect.poll(() => eventsOf(mediator).at(-1), { timeout: 5_000 }).toBe('store-back');
  // Once for the disk that had room for little, and once for the one that had none; not for each of the many.
  expect(eventsOf(mediator).join(' ')).toMatch(/^(store-lost fault store-back ?){1,2}$/);
  await mediator.stop();
  const database = new DatabaseSync(inbox);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();
});

test('a file that was moved away while it is open takes no mail, and goes on when it is back', async () => {
  const { mediator, accepted, send, page, ready } = await start();
  const inbox = join(mediator.dataDir, 'inbox.db');
  expect(await send()).toBe(202);
  renameSync(inbox, `${inbox}.away`);
  await expect.poll(ready, { timeout: 10_000 }).toBe(503);
  expect(await send()).toBe(503);
  // Also when another one has its place, such as one from a backup.
  copyFileSync(`${inbox}.away`, inbox);
  await sleep(1_500);
  expect([await send(), await ready()]).toEqual([503, 503]);
  expect((await page()).map(({ packed }) => packed)).toEqual(accepted);
  expect(mediator.output()).toContain('code=store/unavailable');
  renameSync(`${inbox}.away`, inbox);
  await expect.poll(ready, { timeout: 10_000 }).toBe(200);
  expect(await send()).toBe(202);
  expect((await page()).map(({ packed }) => packed)).toEqual(accepted);
});

test('a database that is gone is told once, and once that it is back', async () => {
  const server = await postgresServer();
  onTestFinished(() => server.dispose());
  const { mediator, accepted, send, page, ready } = await start('--store', server.url());
  expect(await send()).toBe(202);
  expect(await ready()).toBe(200);
  await server.kill();
  const statuses = await Promise.all(Array.from({ length: 20 }, send));
  expect(new Set(statuses)).toEqual(new Set([503]));
  await expect.poll(ready).toBe(503);
  expect(eventsOf(mediator)).toEqual(['store-lost', 'fault']);
  expect(mediator.output()).toContain('code=store/unavailable');
  await server.start();
  await expect.poll(ready, { timeout: 5_000 }).toBe(200);
  await expect.poll(() => eventsOf(mediator).at(-1), { timeout: 5_000 }).toBe('store-back');
  expect(eventsOf(mediator)).toEqual(['store-lost', 'fault', 'store-back']);
  expect(await send()).toBe(202);
  expect((await page()).map(({ packed }) => packed)).toEqual(accepted);
});

test('a database that says nothing does not keep it from ending', { timeout: 60_000 }, async () => {
  const server = await postgresServer();
  onTestFinished(() => server.dispose());
  const { mediator } = await start('--store', server.url());
  const halted = server.pids();
  for (const pid of halted) process.kill(pid, 'SIGSTOP');
  const code = await mediator.stop();
  for (const pid of halted) process.kill(pid, 'SIGCONT');
  expect(code).toBe(1);
  expect(mediator.output()).toContain('Something did not end in time');
});

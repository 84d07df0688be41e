import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, expect, test } from 'vitest';
import { startMediator, type MediatorProcess } from '../e2e/mediator-process.ts';
import { didAt, enrol } from '../src/testing/accounts.ts';
import { walletFolder } from '../src/testing/folders.ts';
import {
  forwardOf,
  letterFor,
  lettersOf,
  type MediatorClient,
} from '../src/testing/mediator-client.ts';
import { newPeer } from '../src/testing/peer.ts';
import { newDatabase } from '../src/testing/postgres/shared.ts';
import { postTo } from '../src/testing/running-mediator.ts';
import { shortHash } from './operations/log.ts';

const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';

const folder = mkdtempSync(join(tmpdir(), 'admin-'));
const dist = walletFolder();
const processes: MediatorProcess[] = [];
afterEach(async () => {
  for (const one of processes.splice(0)) await one.dispose();
});
afterAll(() => rmSync(folder, { recursive: true }));
const start = async (...flags: string[]): Promise<MediatorProcess> => {
  const one = await startMediator(flags, dist);
  processes.push(one);
  return one;
};
const admin = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['mediator/admin.ts', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};
const told = (...args: string[]): Record<string, unknown>[] => {
  const { status, stdout, stderr } = admin(...args, '--json');
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>[];
};

/** An account with mail that waits. */
async function account(url: string, letters: readonly string[]): Promise<MediatorClient> {
  const { client, routingDid } = await enrol(url);
  await client.ask(`${CM}/recipient-update`, {
    updates: [{ recipient_did: client.peer.did, action: 'add' }],
  });
  for (const text of letters) {
    const letter = await letterFor(client.peer, text);
    const answer = await postTo(url, await forwardOf(letter, client.peer.did, routingDid));
    expect(answer.status).toBe(202);
  }
  return client;
}
/** Mail for somebody who has no account: kept for a moment, and nowhere to be seen. */
async function toStranger(url: string): Promise<void> {
  const stranger = await newPeer();
  const forward = await forwardOf(await letterFor(stranger, 'x'), stranger.did, await didAt(url));
  expect((await postTo(url, forward)).status).toBe(200);
}
const waiting = async (client: MediatorClient): Promise<unknown> =>
  (await client.ask(`${PICKUP}/status-request`, {})).message?.body['message_count'];

test.each([
  ['SQLite', async (): Promise<string[]> => []],
  ['PostgreSQL', async () => ['--store', await newDatabase()]],
])(
  'an operator looks, denies, allows and purges while the mediator runs, %s',
  async (name, make) => {
    const store = await make();
    const { url, dataDir } = await start(...store);
    const data = name === 'SQLite' ? ['--data', dataDir] : store;
    const a = await account(url, ['one', 'two']);
    const b = await account(url, ['three']);
    const [stats] = told('stats', ...data);
    expect(stats).toMatchObject({ accounts: 2, messages: 3, denied: 0 });
    expect(told('queues', '--limit', '1', ...data)).toMatchObject([{ messages: 2 }]);
    expect(told('accounts', '--offset', '1', ...data)).toMatchObject([{ messages: 1 }]);
    const [byHash] = told('account', shortHash(a.peer.did), ...data);
    expect(byHash).toEqual(told('account', a.peer.did, ...data)[0]);
    expect(JSON.stringify(byHash)).not.toContain('did:');
    told('deny', shortHash(a.peer.did), ...data);
    expect((await a.ask(`${CM}/mediate-request`, {})).message?.type).toBe(`${CM}/mediate-deny`);
    expect(await waiting(a)).toBe(2);
    expect(admin('allow', shortHash(b.peer.did), ...data)).toMatchObject({
      status: 1,
      stderr: 'nobody is denied by that\n',
    });
    told('allow', a.peer.did, ...data);
    expect((await a.ask(`${CM}/mediate-request`, {})).message?.type).toBe(`${CM}/mediate-grant`);
    expect(admin('purge', shortHash('did:web:nobody.example'), ...data)).toMatchObject({
      status: 1,
      stderr: 'there is no such account\n',
    });
    expect(told('purge', shortHash(a.peer.did), ...data)).toMatchObject([{ messages: 2 }]);
    expect(await waiting(a)).toBeUndefined();
    expect(await waiting(b)).toBe(1);
    expect(told('expire', ...data)).toEqual([{ expired: 0 }]);
    const invitation = await (await fetch(`${url}/invitationOOB`)).text();
    expect(told('invite', '--url', `${url}/`, ...data)).toEqual([{ invitation }]);
    expect(admin('invite', '--url', url, ...data).stdout).toBe(`invitation ${invitation}\n`);
    const copy = join(dataDir, 'copy.db');
    if (name === 'PostgreSQL') {
      expect(admin('backup', copy, ...data).stderr).toContain('pg_dump');
      return;
    }
    told('backup', copy, ...data);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(admin('backup', copy, ...data).stderr).toBe(
      `${copy} is there already: a backup is a new file\n`,
    );
    expect(admin('queues', ...data).stdout.split('\n')).toHaveLength(3);
    told('purge', b.peer.did, ...data);
    expect(admin('queues', ...data).stdout).toBe('none\n');
    const database = new DatabaseSync(copy);
    expect(database.prepare('SELECT count(*) AS n FROM message').get()).toEqual({ n: 1 });
    database.close();
  },
  120_000,
);

test('a mediator moves from its file to PostgreSQL and back, and its wallets do not notice', async () => {
  const first = await start();
  const client = await account(first.url, ['one', 'two', 'three']);
  await toStranger(first.url);
  expect(told('stats', '--data', first.dataDir)).toMatchObject([{ accounts: 1, messages: 3 }]);
  expect(told('accounts', '--data', first.dataDir)).toHaveLength(1);
  const { port } = new URL(first.url);
  await first.stop();
  const store = ['--store', await newDatabase()];
  const file = join(folder, 'move.jsonl');
  const [exported] = told('export', file, '--data', first.dataDir);
  expect(exported).toMatchObject({ account: 1, recipient: 1, message: 3 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(told('import', file, ...store)).toEqual([exported]);
  const second = await start(...store, '--port', port);
  expect(await waiting(client)).toBe(3);
  await toStranger(second.url);
  expect(told('accounts', ...store)).toHaveLength(1);
  const { message } = await client.ask(`${PICKUP}/delivery-request`, { limit: 1 });
  const ids = lettersOf(message).map(({ id }) => id);
  await client.ask(`${PICKUP}/messages-received`, { message_id_list: ids });
  await second.stop();

  const back = join(folder, 'back.jsonl');
  expect(told('export', back, ...store)).toMatchObject([{ account: 1, message: 2 }]);
  const empty = join(folder, 'data');
  told('import', back, '--data', empty);
  const third = await start('--data', empty, '--port', port);
  expect(await waiting(client)).toBe(2);
  await third.stop();
}, 60_000);

test('what cannot be done is said in a line, and nothing is left half done', async () => {
  const nowhere = join(folder, 'nowhere');
  expect(admin('stats', '--data', nowhere)).toMatchObject({ status: 1, stdout: '' });
  for (const args of [
    ['invite'],
    ['invite', '--url', 'nowhere'],
    [],
    ['dance'],
    ['deny', 'bob'],
    ['stats', '--what'],
  ])
    expect(admin(...args, '--data', nowhere).stderr).toContain('npm run admin');

  const running = await start();
  const { url, dataDir } = running;
  await account(url, ['one']);
  const file = join(folder, 'whole.jsonl');
  told('export', file, '--data', dataDir);
  expect(admin('import', file, '--data', dataDir).stderr).toContain('another process');
  await running.stop();
  expect(admin('import', file, '--data', dataDir).stderr).toContain('needs an empty store');
  const lines = readFileSync(file, 'utf8').split('\n');
  const damaged = join(folder, 'damaged.jsonl');
  const target = join(folder, 'target');
  for (const text of [
    lines.slice(0, -2).join('\n'),
    lines.filter((line) => !line.startsWith('{"message"')).join('\n'),
    'nothing',
  ]) {
    writeFileSync(damaged, text);
    const { status, stderr } = admin('import', damaged, '--data', target);
    expect([status, /export/.test(stderr)]).toEqual([1, true]);
    expect(told('stats', '--data', target)).toMatchObject([{ accounts: 0, messages: 0 }]);
  }
  expect(told('import', file, '--data', target)).toMatchObject([{ account: 1, message: 1 }]);
}, 60_000);

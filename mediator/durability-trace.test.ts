import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startMediator } from '../e2e/mediator-process.ts';
import { enrol, printerFor } from '../src/testing/accounts.ts';
import { walletFolder } from '../src/testing/folders.ts';
import { postgresServer, type PostgresServer } from '../src/testing/postgres/server.ts';
import { postTo } from '../src/testing/running-mediator.ts';
import { traceOf } from '../src/testing/strace.ts';

// What is answered by 202 is on disk before, by the order of system calls: a kill alone would not show it,
// because the system keeps what a process wrote.

const NO_RATES = ['--rate-per-ip', '1000000', '--burst-per-ip', '1000000'];
/** What each keeps its log of changes in. */
const SQLITE_LOG = /-wal$/;
const POSTGRES_LOG = /\/pg_wal\/[0-9A-F]{24}$/;

const dist = walletFolder();

/** Posts forwards to a mediator while it and its database are watched. */
async function watched(database?: PostgresServer, during?: () => Promise<unknown>) {
  const store = database ? ['--store', database.url()] : [];
  const mediator = await startMediator([...NO_RATES, ...store], dist);
  onTestFinished(() => mediator.dispose());
  const post = (packed: string) => postTo(mediator.url, packed);
  const print = await printerFor(await enrol(mediator.url));
  const forwards = await Promise.all(Array.from({ length: 60 }, print));
  await during?.();
  const calls = ['read', 'write', 'writev', 'fsync', 'fdatasync'];
  const pids = [mediator.pid() ?? 0, ...(database?.pids() ?? [])];
  const trace = await traceOf(pids, calls, join(mediator.dataDir, 'trace'));
  const statuses = [];
  // One after the other, and many at once, which share commits.
  for (const { packed } of forwards.slice(0, 20)) statuses.push((await post(packed)).status);
  const together = await Promise.all(forwards.slice(20).map(({ packed }) => post(packed)));
  statuses.push(...together.map(({ status }) => status));
  expect(new Set(statuses)).toEqual(new Set([202]));
  return syncsBefore202(await trace.stop(), database ? POSTGRES_LOG : SQLITE_LOG);
}

const OK = { answers: 60, unsynced: [] };

test('a disk sync lies between every request and its 202, SQLite', async () => {
  expect(await watched()).toEqual(OK);
});

/** A server, and somebody who may change it. */
async function database() {
  const server = await postgresServer();
  onTestFinished(() => server.dispose());
  const owner = new Client(server.url());
  await owner.connect();
  onTestFinished(() => owner.end());
  return { server, say: (text: string) => owner.query(text) };
}

test('a disk sync lies between every request and its 202, PostgreSQL, also when it is told not to wait meanwhile', async () => {
  const { server, say } = await database();
  const answers = await watched(server, async () => {
    await say('ALTER SYSTEM SET synchronous_commit=off');
    await say('SELECT pg_reload_conf()');
  });
  expect(answers).toEqual(OK);
});

test('answers that do not wait for PostgreSQL’s disk are seen', async () => {
  const { server, say } = await database();
  const { unsynced } = await watched(server, async () => {
    // Only from within the transaction itself can it be switched off.
    await say(`CREATE FUNCTION hurry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM set_config('synchronous_commit', 'off', true); RETURN NULL; END $$;
      CREATE TRIGGER hurry AFTER INSERT ON message EXECUTE FUNCTION hurry()`);
  });
  expect(unsynced.length).toBeGreaterThan(10);
});

test('the order of system calls is judged rightly', () => {
  const request = '7 read(20<TCP:[1]>, "POST / HTTP/1.1"..., 65536) = 900';
  const body = '7 read(20<TCP:[1]>, "aaaa"..., 65536) = 900';
  const slowBody = [
    '7 read(20<TCP:[1]>, <unfinished ...>',
    '7 <... read resumed>"aa"..., 655) = 9',
  ];
  const answer = '7 write(20<TCP:[1]>, "HTTP/1.1 202 Accepted"..., 99) = 99';
  const sync = '9 fdatasync(21</x/inbox.db-wal>) = 0';
  const begun = '9 fdatasync(21</x/inbox.db-wal> <unfinished ...>';
  const ended = '9 <... fdatasync resumed>) = 0';
  const isGood = (...lines: readonly string[]) =>
    syncsBefore202(lines, SQLITE_LOG).unsynced.length === 0;
  expect(isGood(request, sync, answer)).toBe(true);
  expect(isGood(request, body, begun, ended, answer)).toBe(true);
  expect(isGood(request, answer, sync)).toBe(false);
  expect(isGood(request, sync, body, answer)).toBe(false);
  expect(isGood(...slowBody, sync, answer)).toBe(true);
  expect(isGood(request, sync, ...slowBody, answer)).toBe(false);
  expect(isGood(request, begun, body, ended, answer)).toBe(false);
  expect(isGood(request, begun, answer, ended)).toBe(false);
  expect(isGood(request, '9 fdatasync(21</x/other>) = 0', answer)).toBe(false);
  expect(isGood(request, '9 fdatasync(21</x/inbox.db-wal>) = -1 EIO', answer)).toBe(false);
});

/**
 * For each 202 that was written: a sync of the log that began after the last byte of its request, and ended.
 * @param log matches the path of a file of it
 */
function syncsBefore202(lines: readonly string[], log: RegExp) {
  /** Of each descriptor, the line with its last bytes. */
  const lastRead = new Map<string, number>();
  /** Of each thread, what it is in the middle of. */
  const reading = new Map<string, string>();
  const begun = new Map<string, number>();
  /** Where the latest sync that has ended had begun. */
  let synced = -1;
  let answers = 0;
  const unsynced: string[] = [];
  lines.forEach((line, at) => {
    const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const [, fd = ''] = /^(?:read|writev?)\((\d+)</.exec(call) ?? [];
    if (/^read\(.* = [1-9]\d*$/.test(call)) lastRead.set(fd, at);
    if (/^read\(.*<unfinished/.test(call)) reading.set(thread, fd);
    if (/^<\.\.\. read resumed>.* = [1-9]\d*$/.test(call))
      lastRead.set(reading.get(thread) ?? '', at);
    const [, path = '', ending = ''] = /^f(?:data)?sync\(\d+<([^>]*)>(.*)$/.exec(call) ?? [];
    if (log.test(path) && /^\) += 0$/.test(ending)) synced = Math.max(synced, at);
    if (log.test(path) && ending.includes('<unfinished')) begun.set(thread, at);
    if (/^<\.\.\. f(data)?sync resumed>\) += 0$/.test(call)) {
      synced = Math.max(synced, begun.get(thread) ?? -1);
      begun.delete(thread);
    }
    if (!/^writev?\(.*"HTTP\/1\.1 202/.test(call)) return;
    answers += 1;
    if (synced < (lastRead.get(fd) ?? Infinity)) unsynced.push(line);
  });
  return { answers, unsynced };
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import { startMediator, type MediatorProcess } from '../e2e/mediator-process.ts';
import type { Did } from '../src/did/did.ts';
import { forwardPress } from '../src/testing/forward-press.ts';
import { lettersOf, mediatorClient, type MediatorClient } from '../src/testing/mediator-client.ts';
import { documentOf } from '../src/testing/peer-did.ts';
import { newDatabase } from '../src/testing/postgres/shared.ts';
import { postTo, postUnlessGone } from '../src/testing/running-mediator.ts';
import { traceOf } from '../src/testing/strace.ts';

// What was answered by 202 is on disk: after kills without a warning, and by the order of system calls.
// `npm run durability` kills fifty times instead of five.

const KILLS = Number(process.env['DURABILITY_KILLS'] ?? 5);
const SENDERS = 16;
const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const NO_RATES = ['--rate-per-ip', '1000000', '--burst-per-ip', '1000000'].concat([
  ...['--rate-per-account', '1000000', '--burst-per-account', '1000000'],
  ...['--inbox-messages', '1000000', '--inbox-bytes', '10000000000'],
]);

const dist = mkdtempSync(join(tmpdir(), 'dist-'));
writeFileSync(join(dist, 'index.html'), '<title>Parley</title>');
afterAll(() => rmSync(dist, { recursive: true }));
let mediator: MediatorProcess;
afterEach(() => mediator.dispose());

/** An account, and what prints forwards for it. */
async function start(flags: readonly string[]) {
  mediator = await startMediator([...NO_RATES, ...flags], dist);
  const post = (packed: string) => postTo(mediator.url, packed);
  const did = (await (await fetch(`${mediator.url}/did`)).text()) as Did;
  const client = await mediatorClient(did, post);
  const granted = await client.ask(`${CM}/mediate-request`, {});
  const [routingDid] = granted.message?.body['routing_did'] as Did[];
  const press = await forwardPress(await documentOf(routingDid!));
  return { client, post, print: () => press.print(client.peer.did) };
}

test.each([
  ['SQLite', async (): Promise<string[]> => []],
  ['PostgreSQL', async () => ['--store', await newDatabase()]],
])(
  `what was answered by 202 is delivered, once, after ${KILLS} kills under load, %s`,
  async (name, store) => {
    const { client, print } = await start(await store());
    const sent = new Set<string>();
    const accepted = new Set<string>();
    let unanswered: Awaited<ReturnType<typeof print>>[] = [];

    /** Sends until the mediator is gone; what got no answer comes again later, as a wallet would send it. */
    const sender = async (isOver: () => boolean): Promise<void> => {
      while (!isOver()) {
        const forward = unanswered.pop() ?? (await print());
        sent.add(forward.letter);
        const answer = await postUnlessGone(mediator.url, forward.packed);
        if (answer?.status === 202) accepted.add(forward.letter);
        else unanswered = [...unanswered, forward];
        if (answer === undefined) return;
      }
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = accepted.size + 10 + ((kill * 37) % 60);
      let killed = false;
      const senders = Array.from({ length: SENDERS }, () => sender(() => killed));
      while (accepted.size < enough) await sleep(1);
      await mediator.kill();
      killed = true;
      await Promise.all(senders);
      await mediator.restart();
    }
    expect(unanswered.length).toBeGreaterThan(0);
    await Promise.all(Array.from({ length: SENDERS }, () => sender(() => unanswered.length === 0)));
    expect(accepted).toEqual(sent);

    const received = await everything(client);
    expect(received.length).toBe(new Set(received).size);
    expect(new Set(received)).toEqual(accepted);
    await mediator.stop();
    if (name === 'SQLite') expectSound(join(mediator.dataDir, 'inbox.db'));
    console.log(
      `${name}: ${KILLS} kills, ${accepted.size} forwards answered by 202, all there once`,
    );
  },
  KILLS * 20_000,
);

/** Fetches and acknowledges until nothing is left. */
async function everything(client: MediatorClient): Promise<readonly string[]> {
  const received: string[] = [];
  for (;;) {
    const { message } = await client.ask(`${PICKUP}/delivery-request`, { limit: 20 });
    const letters = lettersOf(message);
    if (letters.length === 0) return received;
    received.push(...letters.map(({ packed }) => packed));
    const ids = letters.map(({ id }) => id);
    await client.ask(`${PICKUP}/messages-received`, { message_id_list: ids });
  }
}

function expectSound(file: string): void {
  const database = new DatabaseSync(file);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(database.prepare('SELECT n, bytes FROM account').get()).toEqual({ n: 0, bytes: 0 });
  database.close();
}

test('a disk sync lies between every request and its 202', async () => {
  const { post, print } = await start([]);
  const forwards = await Promise.all(Array.from({ length: 60 }, print));
  const file = join(mediator.dataDir, 'trace');
  const calls = ['read', 'write', 'writev', 'fsync', 'fdatasync'];
  const trace = await traceOf(mediator.pid() ?? 0, calls, file);
  const statuses = [];
  // One after the other, and many at once, which share commits.
  for (const { packed } of forwards.slice(0, 20)) statuses.push((await post(packed)).status);
  const together = await Promise.all(forwards.slice(20).map(({ packed }) => post(packed)));
  statuses.push(...together.map(({ status }) => status));
  expect(new Set(statuses)).toEqual(new Set([202]));
  const { answers, unsynced } = syncsBefore202(await trace.stop());
  expect(answers).toBe(60);
  expect(unsynced).toEqual([]);
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
  const isGood = (...lines: readonly string[]) => syncsBefore202(lines).unsynced.length === 0;
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

/** For each 202 that was written: a sync of the log that began after the last byte of its request, and ended. */
function syncsBefore202(lines: readonly string[]) {
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
    if (/^f(data)?sync\(\d+<[^>]*-wal>\) += 0$/.test(call)) synced = at;
    if (/^f(data)?sync\(\d+<[^>]*-wal> <unfinished/.test(call)) begun.set(thread, at);
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

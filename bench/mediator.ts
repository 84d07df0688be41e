/**
 * npm run bench -- mediator: forwards a second that a real mediator answers by 202, each in a commit on disk before,
 * beside what opening alone and storing alone take in the same run on the same machine.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { useNodeBase64 } from '../mediator/crypto/node-base64.ts';
import { useNodeCrypto } from '../mediator/crypto/node-subtle.ts';
import { createIdentity } from '../mediator/identity.ts';
import { letterOf } from '../mediator/letter.ts';
import { loadKeys } from '../mediator/keys.ts';
import { DEFAULT_LIMITS } from '../mediator/limits.ts';
import { didHash } from '../mediator/did-hash.ts';
import { readPacked } from '../mediator/read.ts';
import { fileSettings } from '../mediator/settings.ts';
import { openPostgres } from '../mediator/store/postgres/store.ts';
import { sqliteStore } from '../mediator/store/sqlite.ts';
import type { InboxStore } from '../mediator/store/types.ts';
import type { Did } from '../src/did/did.ts';
import { resolveDid } from '../src/did/resolve.ts';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { utf8, type Bytes } from '../src/lib/bytes.ts';
import { systemClock } from '../src/lib/clock.ts';
import { enrol } from '../src/testing/accounts.ts';
import { forwardPress } from '../src/testing/forward-press.ts';
import { newPeer, type Peer } from '../src/testing/peer.ts';
import { postgresServer } from '../src/testing/postgres/server.ts';
import { database } from './load/database.ts';
import { load, machine, subject } from './load/subject.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const CONNECTIONS = [1, 64, 256];
const ACCOUNTS = 64;
/** Forwards are made beforehand, enough for a machine that takes so many; a faster one needs more, and ends the bench. */
const MOST_A_SECOND = Number(process.env['BENCH_MOST'] ?? 12_000);
const URL = 'https://mediator.example.org';
const UNLIMITED = {
  messagesPerInbox: 1e9,
  bytesPerInbox: 1e15,
  didsPerAccount: 1000,
  linksPerAccount: 100,
};

const HEADINGS =
  'connections   forwards/s   p50 ms   p99 ms   p99/p50   RSS MB   loop held ms, p99 and most';

const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
const keys = await loadKeys(fileSettings(folder));
const identity = createIdentity(keys, { http: URL, ws: `${URL.replace('http', 'ws')}/ws` });
const postgres = await postgresServer(tmpdir());
const generator = load();
try {
  console.log(machine());
  const peers = await Promise.all(Array.from({ length: ACCOUNTS }, () => newPeer()));
  const recipients = peers.map(({ did }) => did);
  const made = await generator.ask(
    {
      kind: 'prepare',
      routingDid: identity.routingDid,
      recipients,
      count: SECONDS * MOST_A_SECOND,
    },
    'prepared',
  );
  const at64: Record<string, number> = {};
  for (const store of ['sqlite', 'postgres'] as const) {
    console.log(
      `${store}: forwards of ${made.bytes} bytes to ${ACCOUNTS} accounts, ${SECONDS} s each`,
    );
    const before = await floors(store, recipients, 'before');
    console.log(HEADINGS);
    const rates: [connections: number, rate: number][] = [];
    for (const connections of CONNECTIONS)
      rates.push([connections, await measure(store, connections, peers)]);
    const after = await floors(store, recipients, 'after');
    // The machine may have had more to do at one time than at the other.
    const slower = Math.min(before.opening + after.opening, before.storing + after.storing) / 2;
    const shares = rates.map(
      ([connections, rate]) => `${((100 * rate) / slower).toFixed(0)} % at ${connections}`,
    );
    console.log(`of the slower floor: ${shares.join(', ')}\n`);
    at64[store] = rates.find(([connections]) => connections === 64)?.[1] ?? NaN;
  }
  const ratio = (at64['postgres'] ?? NaN) / (at64['sqlite'] ?? NaN);
  console.log(`PostgreSQL / SQLite at 64 connections: ${ratio.toFixed(2)}`);
  console.log(machine());
} finally {
  generator.end();
  await postgres.dispose();
  rmSync(folder, { recursive: true });
}

/** What can at best be reached, in this process: one thread that only opens, and a store that is only written to. */
async function floors(
  store: 'sqlite' | 'postgres',
  recipients: readonly Did[],
  when: 'before' | 'after',
): Promise<{ readonly opening: number; readonly storing: number }> {
  const opening = await openingAlone(recipients);
  const opened =
    store === 'sqlite'
      ? sqliteStore(path.join(folder, `floor-${when}.db`), UNLIMITED)
      : (await openPostgres(await database(postgres, `floor_${when}`), UNLIMITED)).store;
  const storing = await storingAlone(opened, recipients);
  console.log(
    `${when}: opening alone, one thread ${perSecond(opening)}, storing alone, 64 at once ${perSecond(storing)}`,
  );
  return { opening, storing };
}

/** A mediator with a store of its own, so that every forward is new to it. */
async function measure(
  store: 'sqlite' | 'postgres',
  connections: number,
  peers: readonly Peer[],
): Promise<number> {
  const data = mkdtempSync(path.join(tmpdir(), 'bench-data-'));
  copyFileSync(path.join(folder, 'keys.json'), path.join(data, 'keys.json'));
  const flags =
    store === 'postgres' ? ['--store', await database(postgres, `c${connections}`)] : [];
  const extra = (process.env['BENCH_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  const mediator = await subject('--data', data, '--url', URL, ...flags, ...extra);
  try {
    const [, port = ''] = /:(\d+)$/.exec(mediator.listening) ?? [];
    for (const peer of peers) await enrol(mediator.listening, peer);
    const order = { kind: 'run', port: Number(port), connections } as const;
    await mediator.lag();
    const ran = await generator.ask({ ...order, seconds: SECONDS }, 'ran');
    const { p99: lag99, max: lagMost } = await mediator.lag();
    const { most } = mediator.memory();
    const { 202: stored = 0, ...others } = ran.answers;
    const rate = stored / ran.seconds;
    const cells = [
      String(connections).padStart(11),
      rate.toFixed(0).padStart(13),
      ran.p50.toFixed(1).padStart(9),
      ran.p99.toFixed(1).padStart(9),
      (ran.p99 / ran.p50).toFixed(1).padStart(10),
      most.toFixed(0).padStart(9),
      `${lag99.toFixed(1)}  ${lagMost.toFixed(1)}`.padStart(29),
    ];
    const wrong = Object.keys(others).length > 0 ? `  not stored: ${JSON.stringify(others)}` : '';
    console.log(`${cells.join('')}${wrong}`);
    return rate;
  } finally {
    await mediator.dispose();
    rmSync(data, { recursive: true });
  }
}

async function openingAlone(recipients: readonly Did[]): Promise<number> {
  const undo = [useNodeCrypto(), useNodeBase64()];
  const { agreement, signing } = await loadKeys(fileSettings(folder));
  const own = createIdentity({ agreement, signing }, { http: URL, ws: `${URL}/ws` });
  const resolved = await resolveDid(identity.routingDid);
  if (resolved.kind !== 'ok') throw new Error(resolved.kind);
  const press = await forwardPress(resolved.document);
  const forwards: Bytes[] = [];
  for (const next of recipients) forwards.push(utf8((await press.print(next)).packed));
  const context = {
    engine: nativeEngine,
    resolve: resolveDid,
    identity: own,
    clock: systemClock,
    limits: DEFAULT_LIMITS,
  };
  const rate = await rateOf(1, async (i) => {
    const read = await readPacked(context, forwards[i % forwards.length]!);
    if (read.kind !== 'forward' || !('letters' in read.content)) throw new Error('not opened');
  });
  for (const step of undo) step();
  return rate;
}

async function storingAlone(store: InboxStore, recipients: readonly Did[]): Promise<number> {
  for (const did of recipients) await store.grant(did, Date.now());
  const names = recipients.map(didHash);
  const filling = 'x'.repeat(4400);
  const rate = await rateOf(64, async (i) => {
    const now = Date.now();
    const letters = [letterOf(`${i} ${filling}`)];
    const times = { receivedAt: now, expiresAt: now + 1e9 };
    const [put] = await store.enqueue({ next: names[i % names.length]!, letters, ...times });
    if (put?.kind !== 'stored') throw new Error('not stored');
  });
  await store.close();
  return rate;
}

/** Rounds a second, so many at once. */
async function rateOf(atOnce: number, work: (i: number) => Promise<void>): Promise<number> {
  let i = 0;
  const lane = async (endsAt: number): Promise<void> => {
    while (performance.now() < endsAt) await work((i += 1));
  };
  const lanes = async (seconds: number): Promise<number> => {
    const [startedAt, first] = [performance.now(), i];
    const endsAt = startedAt + seconds * 1000;
    await Promise.all(Array.from({ length: atOnce }, () => lane(endsAt)));
    return ((i - first) * 1000) / (performance.now() - startedAt);
  };
  await lanes(1);
  return lanes(SECONDS);
}

function perSecond(rate: number): string {
  return `${rate.toFixed(0)}/s`;
}

/**
 * npm run bench -- accounts: how long a mailbox takes to be emptied among 1,000,000 accounts with one message each,
 * beside the same among 10,000, in turn: at the store, and through a running mediator; over SQLite and over PostgreSQL.
 *
 * What was tried for SQLite among 100,000 accounts, status and fetch in microseconds of processor time, p99 of 10,000
 * accounts and of all: as it is 376 and 378; cache_size 16 MB 314 and 338, 64 MB 281 and 308; mmap_size 4 GB 290 and
 * 297. A miss of the cache costs few microseconds while the system has the page, and no layout of the cache changed
 * the ratio; so the store leaves both as they are, since their memory would count against every mediator.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Client } from 'pg';
import { useNodeBase64 } from '../mediator/crypto/node-base64.ts';
import { useNodeCrypto } from '../mediator/crypto/node-subtle.ts';
import { didHash } from '../mediator/did-hash.ts';
import { letterOf } from '../mediator/letter.ts';
import { openPostgres } from '../mediator/store/postgres/store.ts';
import { sqliteStore } from '../mediator/store/sqlite.ts';
import type { InboxStore } from '../mediator/store/types.ts';
import { enrol } from '../src/testing/accounts.ts';
import { newPeer, type Peer } from '../src/testing/peer.ts';
import { postgresServer } from '../src/testing/postgres/server.ts';
import { postTo } from '../src/testing/running-mediator.ts';
import { database } from './load/database.ts';
import { percentile } from './load/percentile.ts';
import { machine, subject, type Subject } from './load/subject.ts';

const FEW = 10_000;
const MANY = Number(process.env['BENCH_ACCOUNTS'] ?? 1_000_000);
const SAMPLES = 3_000;
const PICKUPS = 2_000;
const CHUNK = 2_000;
const PAGE = { limit: 10, maxBytes: 512 * 1024 };
const PICKUP = 'https://didcomm.org/messagepickup/3.0';

useNodeCrypto();
useNodeBase64();
const STORES = (process.env['BENCH_STORES'] ?? 'sqlite,postgres').split(',');
const postgres = STORES.includes('postgres') ? await postgresServer(tmpdir()) : undefined;
try {
  console.log(machine());
  const people = await Promise.all(Array.from({ length: 40 }, () => newPeer()));
  for (const store of STORES) {
    console.log(`\n${store}`);
    const places: Place[] = [];
    for (const [name, accounts] of [
      ['few', FEW],
      ['many', MANY],
    ] as const) {
      const folder = mkdtempSync(path.join(tmpdir(), 'bench-accounts-'));
      const url = store === 'postgres' && postgres ? await database(postgres, name) : undefined;
      places.push({ folder, accounts, ...(url === undefined ? {} : { url }) });
    }
    try {
      await compare(places, people);
    } finally {
      for (const { folder } of places) rmSync(folder, { recursive: true });
    }
  }
  console.log(machine());
} finally {
  await postgres?.dispose();
}

interface Place {
  readonly folder: string;
  readonly accounts: number;
  /** Of a PostgreSQL database; a file in the folder when absent. */
  readonly url?: string;
}

async function opened({ folder, url }: Place): Promise<InboxStore> {
  return url === undefined
    ? sqliteStore(path.join(folder, 'inbox.db'))
    : (await openPostgres(url)).store;
}

async function compare(places: readonly Place[], people: readonly Peer[]): Promise<void> {
  for (const place of places) await fill(place, people);
  const stores = await Promise.all(places.map(opened));
  const reads: [number[], number[]] = [[], []];
  const empties: [number[], number[]] = [[], []];
  for (let sample = 0; sample < SAMPLES; sample += 1)
    for (const [i, store] of stores.entries()) {
      const account = await store.accountOf(nameOf((sample * 7919) % places[i]!.accounts));
      if (account === undefined) throw new Error('no such account');
      const startedAt = performance.now();
      const page = await read(store, account);
      const readAt = performance.now();
      await store.ack(account, page);
      reads[i]!.push(readAt - startedAt);
      empties[i]!.push(performance.now() - startedAt);
    }
  console.log(
    'milliseconds                            p50 of 10,000   of all     p99 of 10,000   of all   ratio',
  );
  row('status and fetch, at the store', reads);
  row('status, fetch and acknowledgement', empties);
  for (const store of stores) await store.close();

  const mediators = await Promise.all(
    places.map(({ folder, url }) =>
      subject('--data', folder, ...(url === undefined ? [] : ['--store', url])),
    ),
  );
  try {
    row('pickup through a mediator', await pickups(mediators, people));
    console.log(
      mediators.map((one) => `${one.memory().most.toFixed(0)} MB`).join(' and ') + ' at most',
    );
  } finally {
    for (const one of mediators) await one.dispose();
  }
}

function row(name: string, [few, many]: readonly [number[], number[]]): void {
  const [p50, p50Many, p99, p99Many] = [
    percentile(few, 0.5),
    percentile(many, 0.5),
    percentile(few, 0.99),
    percentile(many, 0.99),
  ];
  const cells = [p50, p50Many, p99, p99Many].map((value) => value.toFixed(3).padStart(12));
  console.log(`${name.padEnd(40)}${cells.join('')}   ${(p99Many / p99).toFixed(2)}`);
}

function nameOf(i: number): string {
  return `did:example:${i}`;
}

/** Accounts with one message each; some of them of people who can ask for it. */
async function fill(place: Place, people: readonly Peer[]): Promise<void> {
  const { accounts: count, url } = place;
  const startedAt = Date.now();
  const store = await opened(place);
  const client = url === undefined ? undefined : new Client(url);
  await client?.connect();
  const filling = 'x'.repeat(900);
  const now = Date.now();
  /** What `grant` calls, for many at once: each would be a transaction of its own in PostgreSQL. */
  const grant = async (dids: readonly string[]): Promise<unknown> =>
    client
      ? client.query(
          'SELECT count(*) FROM unnest($1::bytea[], $2::text[]) t(hash, did), grant_account(t.hash, t.did, $3)',
          [dids.map(didHash), dids, now],
        )
      : Promise.all(dids.map((did) => store.grant(did, now)));
  const add = async (dids: readonly string[]): Promise<void> => {
    await grant(dids);
    const times = { receivedAt: now, expiresAt: now + 30 * 24 * 3600 * 1000 };
    const forwards = dids.map((did) => ({
      next: didHash(did),
      letters: [letterOf(`${did} ${filling}`)],
      ...times,
    }));
    const puts = await Promise.all(forwards.map((one) => store.enqueue(one)));
    if (puts.flat().some(({ kind }) => kind !== 'stored')) throw new Error('not stored');
  };
  await add(people.map(({ did }) => did));
  for (let from = 0; from < count; from += CHUNK)
    await add(Array.from({ length: CHUNK }, (_, i) => nameOf(from + i)));
  await client?.query('VACUUM ANALYZE');
  await client?.end();
  await store.close();
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  console.log(`${count} accounts: filled in ${seconds} s`);
}

async function read(store: InboxStore, account: bigint): Promise<readonly Uint8Array[]> {
  const { n } = await store.status(account);
  const page = await store.fetch(account, PAGE);
  if (n !== 1 || page.length !== 1) throw new Error('one message was there');
  return page.map(({ id }) => id);
}

/** From the request to its answer with the mail in it. */
async function pickups(
  mediators: readonly Subject[],
  people: readonly Peer[],
): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  const asking = await Promise.all(
    mediators.map(({ listening }) => Promise.all(people.map((peer) => enrol(listening, peer)))),
  );
  for (let sample = 0; sample < PICKUPS; sample += 1)
    for (const [i, { listening }] of mediators.entries()) {
      const { client } = asking[i]![sample % people.length]!;
      const request = await client.pack(`${PICKUP}/delivery-request`, { limit: 10 });
      const startedAt = performance.now();
      const { status, body } = await postTo(listening, request);
      times[i]!.push(performance.now() - startedAt);
      if (status !== 200 || body.length < 1000) throw new Error('no mail in the answer');
    }
  return times;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Bytes } from '../../../src/lib/bytes.ts';
import { newFolder } from '../../../src/testing/folders.ts';
import { bind, putAll } from '../../../src/testing/inbox.ts';
import { postgresServer } from '../../../src/testing/postgres/server.ts';
import { newDatabase } from '../../../src/testing/postgres/shared.ts';
import { didHash, sha256 } from '../../did-hash.ts';
import { loadKeys } from '../../keys.ts';
import { fileSettings } from '../../settings.ts';
import { openStorage } from '../../storage.ts';
import { STORE_LIMITS, type Forwarded, type InboxStore } from '../types.ts';
import { openPool } from './database.ts';
import { openPostgres } from './store.ts';

// What only a database that several processes share can get wrong.

const NOW = 1_800_000_000_000;
let url: string;
let client: Client;
beforeAll(async () => {
  url = await newDatabase();
  client = new Client(url);
  await client.connect();
  return () => client.end();
});
const open: InboxStore[] = [];
beforeEach(async () => {
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
});
const node = async (): Promise<InboxStore> => {
  const { store } = await openPostgres(url);
  open.push(store);
  return store;
};
const twoNodes = async (): Promise<readonly [InboxStore, InboxStore]> => [
  await node(),
  await node(),
];
const idOf = (text: string): Bytes => sha256(text).slice(0, 16);
const item = (next: string, text: string): Forwarded => ({
  next: didHash(next),
  letters: [{ id: idOf(text), body: new TextEncoder().encode(text) }],
  receivedAt: NOW,
  expiresAt: NOW + 1000,
});
/** As counted by the server up to the end of each connection. */
const deadlocks = async (): Promise<number> => {
  const { rows } = await client.query<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname=current_database()',
  );
  return Number(rows[0]?.deadlocks);
};
const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

test('what is for nobody, or was there already, is written like mail, and is over when it comes', async () => {
  const store = await node();
  await store.grant('did:key:zA', NOW);
  const mine = item('did:key:zA', 'mine');
  const strange = item('did:key:zNobody', 'strange');
  const letters = [mine, strange, strange, mine, item('did:key:zNobody', 'mine')];
  const expected = ['stored', 'unknown', 'unknown', 'duplicate', 'unknown'];
  expect((await putAll(store, letters)).map(({ kind }) => kind)).toEqual(expected);
  expect((await putAll(store, letters)).map(({ kind }) => kind)).toEqual([
    'duplicate',
    ...expected.slice(1),
  ]);
  const written = async (): Promise<number> => {
    const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM message');
    return rows[0]!.n;
  };
  expect(await written()).toBe(10);
  expect(await store.stats()).toMatchObject({ accounts: 1, messages: 1 });
  expect(await store.expire(NOW, 100)).toMatchObject({ messages: 9 });
  expect(await written()).toBe(1);
  expect((await client.query('SELECT FROM account WHERE id <= 0 AND n <> 0')).rowCount).toBe(0);
});

test('nodes that start at once on an empty database agree on its tables and on the keys', async () => {
  const folders = range(4).map(newFolder);
  const storages = await Promise.all(
    folders.map((dataDir) => openStorage({ storeUrl: url, dataDir }, STORE_LIMITS)),
  );
  open.push(...storages.map(({ store }) => store));
  const keys = await Promise.all(storages.map(({ settings }) => loadKeys(settings)));
  expect(new Set(keys.map(({ agreement }) => String(agreement.publicBytes))).size).toBe(1);
  expect((await client.query('SELECT version FROM schema_version')).rowCount).toBe(1);
});

test('a mediator that moves from its file keeps its keys', async () => {
  const dataDir = newFolder();
  const before = await loadKeys(fileSettings(dataDir));
  const { store, settings } = await openStorage({ storeUrl: url, dataDir }, STORE_LIMITS);
  open.push(store);
  expect((await loadKeys(settings)).agreement.publicBytes).toEqual(before.agreement.publicBytes);
});

test('a database of a later version is refused and left as it is', async () => {
  await (await openPostgres(url)).store.close();
  await client.query('UPDATE schema_version SET version=99');
  await expect(openPostgres(url)).rejects.toMatchObject({ code: 'store/newer-version' });
  expect((await client.query('SELECT version FROM schema_version')).rows).toEqual([
    { version: 99 },
  ]);
});

test('commits are synchronous, also where the database is set otherwise', async () => {
  const name = new URL(url).pathname.slice(1);
  await client.query(`ALTER DATABASE ${name} SET synchronous_commit=off`);
  const database = openPool(url);
  const rows = await database.query('shown', 'SHOW synchronous_commit', []);
  expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  await database.close();
  await client.query(`ALTER DATABASE ${name} RESET synchronous_commit`);
});

test('a server that may lose what it answered is refused, at the start and later', async () => {
  const server = await postgresServer();
  onTestFinished(() => server.dispose());
  const owner = new Client(server.url());
  await owner.connect();
  onTestFinished(() => owner.end());
  const set = async (name: string, value: 'on' | 'off'): Promise<void> => {
    await owner.query(`ALTER SYSTEM SET ${name}=${value}`);
    await owner.query('SELECT pg_reload_conf()');
    await vi.waitFor(async () => {
      expect((await owner.query(`SHOW ${name}`)).rows).toEqual([{ [name]: value }]);
    });
  };
  const { store } = await openPostgres(server.url());
  open.push(store);
  for (const name of ['fsync', 'full_page_writes']) {
    await set(name, 'off');
    await expect(openPostgres(server.url())).rejects.toMatchObject({ code: 'store/not-durable' });
    await set(name, 'on');
  }
  await set('fsync', 'off');
  // A connection that is made now is not used.
  const many = range(5).map((i) => store.accountOf(`did:key:z${i}`));
  const kinds = (await Promise.allSettled(many)).map(({ status }) => status);
  expect(kinds).toContain('rejected');
});

test('connections that are cut are replaced; what was on them is told, and nobody ends', async () => {
  const database = openPool(url);
  const cut = () =>
    client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name='parley-mediator' AND datname=current_database()`);
  const sleeping = expect(database.query('sleep', 'SELECT pg_sleep(20)', [])).rejects.toMatchObject(
    { code: 'store/unavailable' },
  );
  const idle = database.transaction(async (run) => {
    await run('SELECT 1');
    await cut();
    await sleeping;
    await sleep(100); // for the driver to hear of this one too, with nothing on it
    return run('SELECT 1');
  });
  await expect(idle).rejects.toMatchObject({ code: 'store/unavailable' });
  expect(await database.query('again', 'SELECT 1 AS one', [])).toEqual([{ one: 1 }]);
  await cut();
  await vi.waitFor(async () => {
    expect(await database.query('again', 'SELECT 1 AS one', [])).toEqual([{ one: 1 }]);
  });
  await database.close();
});

test('a statement that stood in a circle with another is run again', async () => {
  await client.query(`CREATE TABLE pair(id int PRIMARY KEY, n int); INSERT INTO pair VALUES(1, 0), (2, 0);
    SET deadlock_timeout='10s'`);
  const database = openPool(url);
  const before = await deadlocks();
  await client.query('BEGIN; UPDATE pair SET n=n+1 WHERE id=2');
  const both = database.query('both', 'UPDATE pair SET n=n+1 RETURNING n', []);
  await vi.waitFor(async () => {
    const { rowCount } = await client.query(
      'SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))',
    );
    expect(rowCount).toBeGreaterThan(0);
  });
  await client.query('UPDATE pair SET n=n+1 WHERE id=1; COMMIT');
  expect(await both).toEqual([{ n: 2 }, { n: 2 }]);
  await database.close();
  await vi.waitFor(async () => {
    expect(await deadlocks()).toBe(before + 1);
  });
});

test('an owner of the database without other rights is enough', async () => {
  const name = new URL(url).pathname.slice(1);
  await client.query(
    `CREATE ROLE owner_${name} LOGIN; GRANT ALL ON SCHEMA public TO owner_${name}`,
  );
  const { store } = await openPostgres(url.replace('parley@', `owner_${name}@`));
  open.push(store);
  await store.grant('did:key:zA', NOW);
  const puts = await putAll(store, [item('did:key:zA', 'one'), item('did:key:zB', 'two')]);
  expect(puts.map(({ kind }) => kind)).toEqual(['stored', 'unknown']);
});

test('mail for nobody waits for the disk like any other', async () => {
  const store = await node();
  const flushed = async () =>
    (await client.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn() AS lsn')).rows[0]?.lsn;
  const before = await flushed();
  expect(
    (await putAll(store, [item('did:key:zB', 'x'.repeat(5_000))])).map(({ kind }) => kind),
  ).toEqual(['unknown']);
  const { rows } = await client.query<{ bytes: string }>(
    'SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), $1)::bigint AS bytes',
    [before],
  );
  expect(Number(rows[0]?.bytes)).toBeGreaterThan(5_000);
});

test('a name is taken once, also by two nodes at the same time', async () => {
  const [one, two] = await twoNodes();
  const a = (await one.grant('did:key:zA', NOW)).account;
  const b = (await two.grant('did:key:zB', NOW)).account;
  const results = await Promise.all(
    range(40).map(async (i) => {
      const dids = [`did:x:${i}`, `did:key:zK${i}`] as const;
      // One takes the DID with its key, the other the key as a DID with the DID for an alias.
      const pair = await Promise.all([
        bind(one, a, dids[0], [didHash(dids[1])], NOW),
        bind(two, b, dids[1], [didHash(dids[0])], NOW),
      ]);
      return pair.sort();
    }),
  );
  expect(results).toEqual(range(40).map(() => ['client_error', 'success']));
});

test('an account is opened once, also by two nodes at the same time', async () => {
  const [one, two] = await twoNodes();
  const grants = await Promise.all(
    range(20).flatMap((i) => [one.grant(`did:x:${i}`, NOW), two.grant(`did:x:${i}`, NOW)]),
  );
  expect(grants.filter(({ created }) => created)).toHaveLength(20);
  expect(new Set(grants.map(({ account }) => account)).size).toBe(20);
});

test('two nodes that put, take and expire in the same inboxes never stand in each other’s way', async () => {
  const before = await deadlocks();
  const [one, two] = await twoNodes();
  const dids = range(12).map((i) => `did:x:${i}`);
  const accounts = await Promise.all(dids.map(async (did) => (await one.grant(did, NOW)).account));
  const work = async (store: InboxStore, name: string, order: readonly string[]): Promise<void> => {
    for (const round of range(15)) {
      const items = order.map((did) => item(did, `${name} ${did} ${round}`));
      const puts = await putAll(store, [...items, item(order[0] ?? '', `both ${round}`)]);
      expect(puts.slice(0, -1).every(({ kind }) => kind === 'stored')).toBe(true);
      const acks = accounts.map((account) =>
        store.ack(account, [
          idOf(`one ${dids[0] ?? ''} ${round}`),
          idOf(`${name} ${order[0] ?? ''} ${round}`),
        ]),
      );
      await Promise.all([
        ...acks,
        store.expire(NOW + 500 + round, 5),
        store.seen(sha256(`${round}`), NOW),
      ]);
    }
  };
  await Promise.all([work(one, 'one', dids), work(two, 'two', dids.toReversed())]);
  // Counted as they lie there.
  const { rows } = await client.query(`SELECT a.id FROM account a WHERE (a.n, a.bytes) <>
    (SELECT count(*), coalesce(sum(size), 0)::bigint FROM message m WHERE m.account=a.id)`);
  expect(rows).toEqual([]);
  while ((await one.expire(NOW + 5000, 50)).isMore);
  expect(await two.stats()).toEqual({ accounts: 12, recipients: 0, messages: 0, bytes: 0 });
  await Promise.all(open.splice(0).map((store) => store.close()));
  expect(await deadlocks()).toBe(before);
});

test('the same envelope at two nodes is one message and one replay', async () => {
  const [one, two] = await twoNodes();
  await one.grant('did:key:zA', NOW);
  const kinds = await Promise.all(
    range(30).map(async (i) => {
      const same = item('did:key:zA', `same ${i}`);
      const key = sha256(`key ${i}`);
      const [puts, seen] = await Promise.all([
        Promise.all([one.enqueue(same), two.enqueue(same)]),
        Promise.all([one.seen(key, NOW), two.seen(key, NOW)]),
      ]);
      return [
        puts
          .flat()
          .map(({ kind }) => kind)
          .sort(),
        seen.sort(),
      ];
    }),
  );
  expect(kinds).toEqual(
    range(30).map(() => [
      ['duplicate', 'stored'],
      [false, true],
    ]),
  );
});

test('one envelope to two names of an inbox is one message, in one batch and after', async () => {
  const store = await node();
  const { account } = await store.grant('did:key:zA', NOW);
  await bind(store, account, 'did:x:1', [], NOW);
  const both = ['did:key:zA', 'did:x:1'].map((did) => item(did, 'once'));
  expect((await putAll(store, both)).map(({ kind }) => kind)).toEqual(['stored', 'duplicate']);
  expect((await putAll(store, both)).map(({ kind }) => kind)).toEqual(['duplicate', 'duplicate']);
  expect(await store.status(account)).toMatchObject({ n: 1, bytes: 4 });
});

test('two answers to one acknowledgement count it once', async () => {
  const store = await node();
  const { account } = await store.grant('did:key:zA', NOW);
  const message = item('did:key:zA', 'once');
  await putAll(store, [message]);
  const counts = await Promise.all([
    store.ack(account, [idOf('once')]),
    store.ack(account, [idOf('once')]),
  ]);
  expect(counts).toEqual([1, 0]);
});

test('a node is told of by those that have no socket of the account, until it is gone', async () => {
  const [here, there] = [await openPostgres(url), await openPostgres(url)];
  open.push(here.store, there.store);
  const { account } = await here.store.grant('did:key:zA', NOW);
  let sent = 0;
  const elsewhere = async ({ store } = here) => {
    const [put] = await putAll(store, [item('did:key:zA', `message ${(sent += 1)}`)]);
    return put?.kind === 'stored' ? put.elsewhere : put;
  };
  expect(await there.nodes.beat('there:1')).toBe(false);
  expect(await elsewhere()).toEqual([]);
  const position = await there.nodes.join(account);
  expect(await there.nodes.withNewMail(new Map([[account, position]]))).toEqual([]);
  expect([await elsewhere(), await elsewhere(there)]).toEqual([['there:1'], []]);
  expect(await there.nodes.withNewMail(new Map([[account, position]]))).toEqual([account]);
  const page = { limit: 10, maxBytes: 1000 };
  const { messages, last } = await there.nodes.mailAfter(account, position, page);
  expect(messages.map(({ body }) => new TextDecoder().decode(body))).toEqual([
    'message 2',
    'message 3',
  ]);
  expect(await there.nodes.mailAfter(account, last, page)).toEqual({ messages: [], last });
  expect(
    (await there.nodes.mailAfter(account, 0n, { limit: 2, maxBytes: 1 })).messages,
  ).toHaveLength(1);

  expect(await there.nodes.beat('there:1')).toBe(true);
  // As a crash of the server leaves them.
  await client.query('TRUNCATE node, session');
  expect(await there.nodes.beat('there:1')).toBe(false);
  expect(await elsewhere()).toEqual([]);
  await there.nodes.rejoin([account]);
  expect(await elsewhere()).toEqual(['there:1']);
  await there.nodes.leave(account);
  expect(await elsewhere()).toEqual([]);

  await there.nodes.join(account);
  await client.query("UPDATE node SET seen_at = now() - interval '61 seconds'");
  expect(await elsewhere()).toEqual([]);
  await here.nodes.beat('here:1');
  expect((await client.query('SELECT FROM session')).rowCount).toBe(0);
  await here.nodes.join(account);
  expect(await elsewhere(there)).toEqual(['here:1']);
  await here.nodes.goodbye();
  expect(await elsewhere(there)).toEqual([]);
});

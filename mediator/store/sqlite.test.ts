import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { newStoreFile } from '../../src/testing/folders.ts';
import { didHash, sha256 } from '../did-hash.ts';
import { noMetrics } from '../operations/metrics.ts';
import { GroupCommit } from './group-commit.ts';
import { openDatabase } from './open-database.ts';
import { STEPS } from './schema.ts';
import { sqliteStore } from './sqlite.ts';

const TIMES = { receivedAt: 1, expiresAt: 9 };

test('a file survives closing and opening', async () => {
  const path = newStoreFile();
  const first = sqliteStore(path);
  const { account } = await first.grant('did:key:zA', 1);
  const body = new TextEncoder().encode('kept');
  const id = sha256(body).slice(0, 16);
  await first.enqueue({ next: didHash('did:key:zA'), letters: [{ id, body }], ...TIMES });
  await first.putLink(account, { id, body, expiresAt: 9 }, 1);
  await first.close();
  const second = sqliteStore(path);
  expect(await second.link(id, 8)).toEqual(body);
  expect(await second.accountOf('did:key:zA')).toBe(account);
  expect(await second.fetch(account, { limit: 1, maxBytes: 10 })).toEqual([{ id, body, at: 1 }]);
  await second.close();
});

test('the file is durable by its own account, and vacuums in steps', () => {
  const { database, close } = openDatabase(newStoreFile());
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(database.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
  close();
});

test('one process per file', async () => {
  const path = newStoreFile();
  const first = sqliteStore(path);
  expect(() => sqliteStore(path)).toThrow(expect.objectContaining({ code: 'store/in-use' }));
  await first.close();
  await sqliteStore(path).close();
});

test('a file of a later version is refused and left as it is', () => {
  const path = newStoreFile();
  const later = new DatabaseSync(path);
  later.exec('PRAGMA user_version=99');
  later.close();
  expect(() => sqliteStore(path)).toThrow(expect.objectContaining({ code: 'store/newer-version' }));
  const after = new DatabaseSync(path);
  expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
  after.close();
});

test('a group that fails is rolled back whole and refuses all its writes', async () => {
  const { database, close } = openDatabase(newStoreFile());
  const group = new GroupCommit(database);
  const insert = (key: string): Promise<unknown> =>
    group.write(() => database.prepare('INSERT INTO replay VALUES(?,1)').run(sha256(key)));
  const results = await Promise.allSettled([insert('a'), insert('b'), insert('a')]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(database.prepare('SELECT count(*) AS n FROM replay').get()).toEqual({ n: 0 });
  await insert('a');
  expect(database.prepare('SELECT count(*) AS n FROM replay').get()).toEqual({ n: 1 });
  close();
  await expect(insert('b')).rejects.toThrow();
});

test('writes of one turn share one commit', async () => {
  const { database, close } = openDatabase(newStoreFile());
  const group = new GroupCommit(database);
  let begun = 0;
  database.setAuthorizer((action, argument) => {
    if (action === 22 && argument === 'BEGIN') begun += 1; // SQLITE_TRANSACTION
    return 0;
  });
  await Promise.all(Array.from({ length: 300 }, () => group.write(() => undefined)));
  database.setAuthorizer(null);
  expect(begun).toBe(2); // 256 and the rest
  close();
});

test('a list is changed in one transaction, however many its changes', async () => {
  const path = newStoreFile();
  const store = sqliteStore(path);
  const { account } = await store.grant('did:key:zA', 1);
  const changes = Array.from({ length: 999 }, (_, i) => ({
    action: 'add' as const,
    did: `did:x:${i}`,
    aliases: [],
  }));
  const broken = {
    ...changes[0]!,
    did: 'did:x:broken',
    aliases: [undefined as unknown as Uint8Array],
  };
  await expect(store.changeList(account, [...changes, broken], 1)).rejects.toThrow();
  expect(await store.list(account, 9, 0)).toEqual({ dids: [], remaining: 0 });
  expect(new Set(await store.changeList(account, changes, 1))).toEqual(new Set(['success']));
  expect((await store.list(account, 9, 0)).remaining).toBe(990);
  await store.close();
});

test('a file of an earlier version is brought up to date with its mail', async () => {
  const path = newStoreFile();
  const first = new DatabaseSync(path);
  first.exec(`${STEPS[0] ?? ''} PRAGMA user_version=1;
    INSERT INTO account(did_hash, did, granted_at) VALUES (zeroblob(32), 'did:key:zA', 1)`);
  first.close();
  const store = sqliteStore(path);
  expect((await store.stats()).accounts).toBe(1);
  const link = { id: new Uint8Array(16), body: new Uint8Array([1]), expiresAt: 9 };
  expect(await store.putLink(1n, link, 1)).toBe('stored');
  await store.close();
});

test('what is for nobody is written and synced as much as what is for somebody', async () => {
  const path = newStoreFile();
  const commits: number[] = [];
  const store = sqliteStore(path, undefined, {
    ...noMetrics,
    observe: (name, value) => {
      if (name === 'commit_size') commits.push(value);
    },
  });
  await store.grant('did:key:zA', 1);
  const grows = async (did: string): Promise<number> => {
    const before = statSync(`${path}-wal`).size;
    for (let i = 0; i < 20; i += 1) {
      const body = randomBytes(20_000);
      const id = sha256(body).slice(0, 16);
      await store.enqueue({ next: didHash(did), letters: [{ id, body }], ...TIMES });
    }
    return statSync(`${path}-wal`).size - before;
  };
  const known = await grows('did:key:zA');
  const unknown = await grows('did:key:zNobody');
  expect(commits).toEqual(Array(41).fill(1));
  expect(known).toBeGreaterThan(20 * 20_000);
  expect(unknown / known).toBeGreaterThan(0.8);
  expect(unknown / known).toBeLessThan(1.25);
  expect((await store.stats()).messages).toBe(20);
  // It is over when it comes: the next expiry takes it, and nothing else.
  expect(await store.expire(1, 100)).toMatchObject({ messages: 20 });
  expect(await store.stats()).toMatchObject({ accounts: 1, messages: 20 });
  await store.close();
});

test('what was there already is written and synced as much as what is new', async () => {
  const path = newStoreFile();
  const store = sqliteStore(path);
  await store.grant('did:key:zA', 1);
  const next = didHash('did:key:zA');
  const body = randomBytes(20_000);
  const forwarded = { next, letters: [{ id: sha256(body).slice(0, 16), body }], ...TIMES };
  await store.enqueue(forwarded);
  const before = statSync(`${path}-wal`).size;
  expect(await store.enqueue(forwarded)).toEqual([{ kind: 'duplicate' }]);
  expect(statSync(`${path}-wal`).size - before).toBeGreaterThan(body.length);
  expect(await store.expire(1, 100)).toMatchObject({ messages: 1 });
  expect((await store.stats()).messages).toBe(1);
  await store.close();
});

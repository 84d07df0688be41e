import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newStoreFile } from '../../src/testing/folders.ts';
import { sqliteWithWriter } from './sqlite-writer.ts';
import { sqliteStore } from './sqlite.ts';
import { STORE_LIMITS } from './types.ts';

// What is its own beside the behaviour of every store, which conformance.test.ts holds it to.

const faults: unknown[] = [];
const options = { limits: STORE_LIMITS, onFault: (fault: unknown) => faults.push(fault) };

test('what keeps a file from being opened is said as without a thread', async () => {
  const path = newStoreFile();
  const first = sqliteStore(path);
  await expect(sqliteWithWriter(path, { ...options, settledMs: 0 })).rejects.toMatchObject({
    name: 'StoreError',
    code: 'store/in-use',
    message: expect.stringContaining('another process holds this data') as string,
  });
  await first.close();
  // The one that was refused does not come back to take the file.
  await sleep(200);
  expect(faults).toEqual([]);
  await (await sqliteWithWriter(path, options)).close();
});

test('what is asked for before closing is on disk, and the file is whole by itself', async () => {
  const path = newStoreFile();
  const store = await sqliteWithWriter(path, options);
  const granted = store.grant('did:key:zA', 1);
  await store.close();
  const { account } = await granted;
  rmSync(`${path}-wal`, { force: true });
  const after = sqliteStore(path);
  expect(await after.accountOf('did:key:zA')).toBe(account);
  await after.close();
});

test('a thread that dies takes nothing back and promises nothing; the next one goes on', async () => {
  const path = newStoreFile();
  const script = new URL('../../src/testing/dying-writer.ts', import.meta.url);
  faults.length = 0;
  const store = await sqliteWithWriter(path, { ...options, script, settledMs: 0 });
  const { account } = await store.grant('did:key:zA', 1);
  const lost = [store.deny('did:key:zDie', 1), store.grant('did:key:zB', 1)];
  for (const result of await Promise.allSettled(lost))
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'store/unavailable' } });
  // Reading needs no thread.
  expect(await store.accountOf('did:key:zA')).toBe(account);
  const again = async (): Promise<bigint> =>
    store.grant('did:key:zB', 2).then(
      (granted) => granted.account,
      async (fault: unknown) => {
        expect(fault).toMatchObject({ code: 'store/unavailable' });
        await sleep(20);
        return again();
      },
    );
  const other = await again();
  expect(await store.accountOf('did:key:zB')).toBe(other);
  expect(faults).toHaveLength(1);
  await store.close();
});

test("the system's code of a fault comes over from the thread", async () => {
  const store = await sqliteWithWriter(newStoreFile(), options);
  // It cannot be bound.
  await expect(store.touch('did:key:zA', undefined as unknown as number)).rejects.toMatchObject({
    code: 'ERR_INVALID_ARG_TYPE',
  });
  await store.close();
});

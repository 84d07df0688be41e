import { afterEach, describe } from 'vitest';
import { newStoreFile } from '../../src/testing/folders.ts';
import { accountsConform } from '../../src/testing/inbox-store/accounts.ts';
import type { Make } from '../../src/testing/inbox-store/letters.ts';
import { mailConforms } from '../../src/testing/inbox-store/mail.ts';
import { othersConform } from '../../src/testing/inbox-store/others.ts';
import { memoryStore } from '../../src/testing/memory-store.ts';
import { newDatabase } from '../../src/testing/postgres/shared.ts';
import { openPostgres } from './postgres/store.ts';
import { sqliteWithWriter } from './sqlite-writer.ts';
import { sqliteStore } from './sqlite.ts';
import { STORE_LIMITS, type InboxStore, type StoreLimits } from './types.ts';

// Every store is held to the same.

const open: InboxStore[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

const onFault = (fault: unknown): never => {
  throw fault;
};

type Create = (limits: StoreLimits) => InboxStore | Promise<InboxStore>;
const stores: Record<string, Create> = {
  memory: (limits) => memoryStore(limits),
  postgres: async (limits) => (await openPostgres(await newDatabase(), limits)).store,
  sqlite: (limits) => sqliteStore(newStoreFile(), limits),
  'sqlite with a writer': (limits) => sqliteWithWriter(newStoreFile(), { limits, onFault }),
};

describe.each(Object.entries(stores))('InboxStore, %s', (_name, create) => {
  const make: Make = async (limits) => {
    const store = await create({ ...STORE_LIMITS, ...limits });
    open.push(store);
    return store;
  };
  accountsConform(make);
  mailConforms(make);
  othersConform(make);
});

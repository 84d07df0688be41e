import type { DBCore, DBCoreTable } from 'dexie';
import type { HttpTransport } from '../transport/http.ts';
import { databaseNamed, httpFrom, reopenedWallet, type TestWallet } from './wallets.ts';

// A process that is killed at a chosen step. Steps are what leaves a trace: every write to a table, every
// transaction that commits, every answer from the network. After its last step nothing of it goes on: the
// transaction that is open is rolled back, reads and requests fail, timers do not fire.

export class LifeIsOver extends Error {}

export interface Life {
  readonly wallet: TestWallet;
  readonly steps: number;
  readonly over: boolean;
  end(): void;
}

/** Opens the wallet in this database for so many steps. */
export async function bornInto(name: string, url: string, lastStep: number): Promise<Life> {
  let steps = 0;
  let over = false;
  const mustLive = (): void => {
    if (over) throw new LifeIsOver();
  };
  const step = (): void => {
    steps += 1;
    if (steps >= lastStep) over = true;
  };
  const db = databaseNamed(name);
  db.use({
    stack: 'dbcore',
    name: 'mortal',
    create: (down) => mortalCore(down, { mustLive, step }),
  });
  const real = httpFrom(url);
  const during = async <T>(act: () => Promise<T>): Promise<T> => {
    mustLive();
    const result = await act();
    mustLive();
    step();
    mustLive();
    return result;
  };
  const http: HttpTransport = {
    post: (...args) => during(() => real.post(...args)),
    get: (...args) => during(() => real.get(...args)),
    getText: (path) => during(() => real.getText(path)),
  };
  const wallet = await reopenedWallet(db, url, { http, setTimer: () => undefined });
  return {
    wallet,
    get steps() {
      return steps;
    },
    get over() {
      return over;
    },
    end: () => {
      over = true;
      db.close();
    },
  };
}

interface Fate {
  readonly mustLive: () => void;
  readonly step: () => void;
}

function mortalCore(down: DBCore, { mustLive, step }: Fate): DBCore {
  return {
    ...down,
    transaction: (stores, mode, options) => {
      mustLive();
      const transaction = down.transaction(stores, mode, options);
      if (mode === 'readwrite')
        (transaction as unknown as EventTarget).addEventListener('complete', step);
      return transaction;
    },
    table: (name) => mortalTable(down.table(name), { mustLive, step }),
  };
}

function mortalTable(table: DBCoreTable, { mustLive, step }: Fate): DBCoreTable {
  const alive = async <R>(act: () => Promise<R>): Promise<R> => {
    mustLive();
    return act();
  };
  return {
    ...table,
    get: (request) => alive(() => table.get(request)),
    getMany: (request) => alive(() => table.getMany(request)),
    query: (request) => alive(() => table.query(request)),
    count: (request) => alive(() => table.count(request)),
    openCursor: (request) => alive(() => table.openCursor(request)),
    mutate: async (request) => {
      mustLive();
      const response = await table.mutate(request);
      step();
      mustLive();
      return response;
    },
  };
}

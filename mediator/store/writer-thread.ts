import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { noMetrics } from '../operations/metrics.ts';
import { faultOf, type Order, type Result } from '../threads/exchange.ts';
import { sqliteStore } from './sqlite.ts';
import type { Write, WriterSetup, Written } from './sqlite-writer.ts';
import type { InboxStore } from './types.ts';

// The thread that writes: while a group is on its way to the disk, the next one gathers.

let observed: [...Written['observed']] = [];
const metrics = {
  ...noMetrics,
  observe: (...reading: Written['observed'][number]): void => void observed.push(reading),
};

const { path, limits } = workerData as WriterSetup;

function opened(): InboxStore | undefined {
  try {
    const store = sqliteStore(path, limits, metrics);
    parentPort?.postMessage([]);
    // A thread is ended without a goodbye.
    flushCompileCache();
    return store;
  } catch (error) {
    parentPort?.postMessage([{ n: 0, fault: faultOf(error) }]);
    return undefined;
  }
}

const store = opened();
if (store)
  parentPort?.on('message', (orders: readonly Order<Write>[]) => {
    void Promise.all(orders.map((order) => work(store, order))).then((results) =>
      parentPort?.postMessage(results),
    );
  });

async function work(store: InboxStore, { n, question }: Order<Write>): Promise<Result<Written>> {
  const { verb, values } = question;
  try {
    const value = await (store[verb] as (...values: unknown[]) => Promise<unknown>)(...values);
    const answer = { value, observed };
    observed = [];
    return { n, answer };
  } catch (error) {
    return { n, fault: faultOf(error) };
  }
}

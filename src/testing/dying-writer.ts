import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import type { Write } from '../../mediator/store/sqlite-writer.ts';
import type { Order } from '../../mediator/threads/exchange.ts';

// A thread that writes like any other, until it is to deny somebody of this name.

parentPort?.on('message', (orders: readonly Order<Write>[]) => {
  if (orders.some(({ question: { values } }) => values[0] === 'did:key:zDie')) process.exit(1);
});
await import('../../mediator/store/writer-thread.ts');

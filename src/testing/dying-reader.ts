import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import type { Order } from '../../mediator/threads/exchange.ts';

// A thread that opens envelopes like any other, until it is given one that starts with an exclamation mark.

const DEADLY = 0x21;

parentPort?.on('message', (orders: readonly Order<Uint8Array>[]) => {
  if (orders.some(({ question }) => question[0] === DEADLY)) process.exit(1);
});
await import('../../mediator/threads/reader-thread.ts');

import { parentPort, workerData } from 'node:worker_threads';
import { resolveDid } from '../../src/did/resolve.ts';
import { nativeEngine } from '../../src/didcomm/native-engine.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { useNodeBase64 } from '../crypto/node-base64.ts';
import { useNodeCrypto } from '../crypto/node-subtle.ts';
import { createIdentity } from '../identity.ts';
import { readKeys } from '../keys.ts';
import { readPacked, type Read } from '../read.ts';
import type { Order, ReaderSetup, Result } from './exchange.ts';

// The thread that opens envelopes, one after the other. It holds the mediator's keys and nothing that is stored.

/** Results that travel together: few enough that the first one does not wait for long. */
const TOGETHER = 8;

useNodeCrypto();
useNodeBase64();
const { keys, endpoints } = workerData as ReaderSetup;
const identity = createIdentity(await readKeys(keys), endpoints);
const context = { engine: nativeEngine, resolve: resolveDid, identity, clock: systemClock };

// Ready.
parentPort?.postMessage([]);
let turn = Promise.resolve();
parentPort?.on('message', (orders: readonly Order[]) => {
  turn = turn.then(() => work(orders));
});

async function work(orders: readonly Order[]): Promise<void> {
  for (let from = 0; from < orders.length; from += TOGETHER) {
    const results: Result[] = [];
    for (const { n, packed } of orders.slice(from, from + TOGETHER))
      results.push(
        await readPacked(context, packed).then(
          (read) => ({ n, read }),
          (fault: unknown) => ({ n, fault }),
        ),
      );
    parentPort?.postMessage(
      results,
      results.flatMap(({ read }) => bodiesOf(read)),
    );
  }
}

/** What moves to the other thread instead of being copied. */
const bodiesOf = (read: Read | undefined): ArrayBuffer[] =>
  read?.kind === 'forward' && 'letters' in read.content
    ? read.content.letters.map(({ body }) => body.buffer)
    : [];

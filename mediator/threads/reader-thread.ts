import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { resolveDid } from '../../src/did/resolve.ts';
import { nativeEngine } from '../../src/didcomm/native-engine.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { useNodeBase64 } from '../crypto/node-base64.ts';
import { useNodeCrypto } from '../crypto/node-subtle.ts';
import { createIdentity } from '../identity.ts';
import { readKeys } from '../keys.ts';
import { readPacked, type Read } from '../read.ts';
import type { Bytes } from '../../src/lib/bytes.ts';
import { faultOf, type Order, type Result } from './exchange.ts';
import type { ReaderSetup } from './readers.ts';

// The thread that opens envelopes, one after the other. It holds the mediator's keys and nothing that is stored.

/** Results that travel together: few enough that the first one does not wait for long. */
const TOGETHER = 8;

useNodeCrypto();
useNodeBase64();
const { keys, endpoints, reading } = workerData as ReaderSetup;
const identity = createIdentity(await readKeys(keys), endpoints);
const context = {
  engine: nativeEngine,
  resolve: resolveDid,
  identity,
  clock: systemClock,
  limits: reading,
};

// Ready.
parentPort?.postMessage([]);
// A thread is ended without a goodbye.
flushCompileCache();
let turn = Promise.resolve();
parentPort?.on('message', (orders: readonly Order<Bytes>[]) => {
  turn = turn.then(() => work(orders));
});

async function work(orders: readonly Order<Bytes>[]): Promise<void> {
  for (let from = 0; from < orders.length; from += TOGETHER) {
    const results: Result<Read>[] = [];
    for (const { n, question: packed } of orders.slice(from, from + TOGETHER))
      results.push(
        await readPacked(context, packed).then(
          (answer) => ({ n, answer }),
          (error: unknown) => ({ n, fault: faultOf(error) }),
        ),
      );
    parentPort?.postMessage(
      results,
      results.flatMap(({ answer }) => bodiesOf(answer)),
    );
  }
}

/** What moves to the other thread instead of being copied. */
function bodiesOf(read: Read | undefined): ArrayBuffer[] {
  if (read?.kind === 'short-name') return [read.packed.buffer];
  return read?.kind === 'forward' && 'letters' in read.content
    ? read.content.letters.map(({ body }) => body.buffer)
    : [];
}

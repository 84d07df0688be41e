import { Worker } from 'node:worker_threads';
import type { Bytes } from '../../src/lib/bytes.ts';
import type { Limits } from '../limits.ts';
import type { ReadPacked } from '../read.ts';
import type { Order, ReaderSetup, Result } from './exchange.ts';

export interface Readers {
  readonly read: ReadPacked;
  /** Rejects when a thread cannot start. What is asked for earlier waits. */
  readonly ready: Promise<void>;
  /** Ends the threads; what they have not read is `busy`. */
  close(): Promise<void>;
}

export interface ReadersOptions extends ReaderSetup {
  readonly workers: number;
  readonly limits: Pick<Limits, 'waitingEnvelopes' | 'waitingBytes'>;
  readonly onFault: (fault: unknown) => void;
  /** What the threads run. */
  readonly script?: URL;
}

type Answer = Awaited<ReturnType<ReadPacked>>;
interface Waiting {
  readonly bytes: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (fault: unknown) => void;
}

/** A thread that dies sooner than this after its start waits that long for its successor. */
const SETTLED_MS = 1_000;
const THREAD = new URL('./reader-thread.ts', import.meta.url);
/** Megabytes. What a reader makes is thrown away soon: with more room it would only stay longer. */
const MEMORY = { maxYoungGenerationSizeMb: 16 };
const BUSY = { kind: 'busy' } as const;

/**
 * Threads that open envelopes, and the bounded queue in front of them: what does not fit in is `busy` at once. A
 * thread that dies is replaced, and what it was given is `busy`: nothing that was not read is ever answered else.
 */
export function startReaders(options: ReadersOptions): Readers {
  const { workers, limits, onFault, keys, endpoints, script = THREAD } = options;
  const setup: ReaderSetup = { keys, endpoints };
  const waiting = { envelopes: 0, bytes: 0 };
  let closing = false;

  /** One place for a thread, whichever thread is in it now. */
  const place = () => {
    const given = new Map<number, Waiting>();
    let orders: Order[] = [];
    let last = 0;
    let startedAt = Date.now();
    let worker: Worker | undefined = start();
    const ready = new Promise<void>((resolve, reject) => {
      worker?.once('message', () => resolve());
      worker?.once('error', reject);
    });

    const take = (n: number): Waiting | undefined => {
      const one = given.get(n);
      if (!one || !given.delete(n)) return undefined;
      waiting.envelopes -= 1;
      waiting.bytes -= one.bytes;
      return one;
    };

    function start(): Worker {
      startedAt = Date.now();
      const made = new Worker(script, { workerData: setup, resourceLimits: MEMORY });
      made.on('message', (results: readonly Result[]) => {
        for (const { n, read, fault } of results) {
          const one = take(n);
          if (read) one?.resolve(read);
          else one?.reject(fault);
        }
      });
      made.on('error', onFault);
      made.once('exit', () => {
        for (const n of [...given.keys()]) take(n)?.resolve(BUSY);
        orders = [];
        worker = undefined;
        if (closing) return;
        onFault(new Error('a thread that opens envelopes ended and is replaced'));
        const wait = Date.now() - startedAt < SETTLED_MS ? SETTLED_MS : 0;
        setTimeout(() => {
          if (!closing) worker = start();
        }, wait);
      });
      return made;
    }

    return {
      given,
      ready,
      /** What comes in one turn of the event loop goes over together. */
      give: (packed: Bytes): Promise<Answer> =>
        new Promise((resolve, reject) => {
          const n = (last += 1);
          given.set(n, { bytes: packed.length, resolve, reject });
          waiting.envelopes += 1;
          waiting.bytes += packed.length;
          orders.push({ n, packed });
          if (orders.length > 1) return;
          setImmediate(() => {
            const batch = orders;
            orders = [];
            worker?.postMessage(
              batch,
              batch.map((order) => order.packed.buffer),
            );
          });
        }),
      isAlive: () => worker !== undefined,
      end: async () => {
        await worker?.terminate();
      },
    };
  };

  const places = Array.from({ length: workers }, place);
  return {
    ready: Promise.all(places.map((one) => one.ready)).then(() => undefined),
    read: async (packed) => {
      const { waitingEnvelopes, waitingBytes } = limits;
      const isFull =
        waiting.envelopes >= waitingEnvelopes || waiting.bytes + packed.length > waitingBytes;
      const [first, ...more] = places.filter((one) => one.isAlive());
      if (isFull || !first) return BUSY;
      return more.reduce((a, b) => (b.given.size < a.given.size ? b : a), first).give(packed);
    },
    close: async () => {
      closing = true;
      await Promise.all(places.map((one) => one.end()));
    },
  };
}

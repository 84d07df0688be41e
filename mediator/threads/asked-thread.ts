import { Worker, type ResourceLimits } from 'node:worker_threads';
import { errorOf, type Order, type Result } from './exchange.ts';

/** A thread that answers what it is asked. One that dies is replaced. */
export interface AskedThread<Q, A> {
  /** Rejects with what the thread met. @returns undefined when it died before it answered */
  ask(question: Q): Promise<A | undefined>;
  /** Rejects when the first one cannot start, which is not tried again. What is asked for earlier waits. */
  readonly ready: Promise<void>;
  /** Asked and not answered. */
  readonly waiting: number;
  readonly isAlive: boolean;
  end(): Promise<void>;
}

export interface AskedThreadOptions<Q> {
  /** Answers an empty batch once it is ready. */
  readonly script: URL;
  readonly workerData: unknown;
  readonly resourceLimits?: ResourceLimits;
  /** What moves to the thread instead of being copied. */
  readonly moved?: (question: Q) => readonly ArrayBuffer[];
  /** For the operator: what the thread is. */
  readonly name: string;
  readonly onFault: (fault: unknown) => void;
  /** Milliseconds. A thread that dies sooner after its start waits that long for its successor. */
  readonly settledMs?: number;
}

interface Waiting<A> {
  readonly resolve: (answer: A | undefined) => void;
  readonly reject: (fault: unknown) => void;
}

export function askedThread<Q, A>({
  script,
  moved = () => [],
  name,
  onFault,
  settledMs = 1_000,
  ...setup
}: AskedThreadOptions<Q>): AskedThread<Q, A> {
  const waiting = new Map<number, Waiting<A>>();
  let orders: Order<Q>[] = [];
  let last = 0;
  let closing = false;
  let worker: Worker | undefined;

  const start = (): Worker => {
    const startedAt = Date.now();
    const made = new Worker(script, setup);
    made.on('message', (results: readonly Result<A>[]) => {
      for (const { n, answer, fault } of results) {
        const one = waiting.get(n);
        waiting.delete(n);
        if (fault) one?.reject(errorOf(fault));
        else one?.resolve(answer);
      }
    });
    made.on('error', onFault);
    made.once('exit', () => {
      const lost = [...waiting.values()];
      waiting.clear();
      orders = [];
      worker = undefined;
      for (const one of lost) one.resolve(undefined);
      if (closing) return;
      onFault(new Error(`${name} ended and is replaced`));
      const wait = Date.now() - startedAt < settledMs ? settledMs : 0;
      setTimeout(() => {
        if (!closing) worker = start();
      }, wait);
    });
    return made;
  };
  worker = start();
  const first = worker;
  const ready = new Promise<void>((resolve, reject) => {
    /** What keeps the first one from starting would keep the next one too. */
    const fail = (fault: Error): void => {
      closing = true;
      reject(fault);
    };
    first.once('error', fail);
    first.once('message', ([word]: readonly Result<A>[]) => {
      first.off('error', fail);
      if (word?.fault) fail(errorOf(word.fault));
      else resolve();
    });
  });

  return {
    ready,
    get waiting() {
      return waiting.size;
    },
    get isAlive() {
      return worker !== undefined;
    },
    /** What is asked in one turn of the event loop goes over together. */
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (!worker) {
          resolve(undefined);
          return;
        }
        const n = (last += 1);
        waiting.set(n, { resolve, reject });
        orders.push({ n, question });
        if (orders.length === 1)
          setImmediate(() => {
            const batch = orders;
            orders = [];
            worker?.postMessage(
              batch,
              batch.flatMap((order) => moved(order.question)),
            );
          });
      }),
    end: async () => {
      closing = true;
      await worker?.terminate();
    },
  };
}

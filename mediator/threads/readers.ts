import type { Bytes } from '../../src/lib/bytes.ts';
import type { Endpoints } from '../identity.ts';
import type { Limits, ReadLimits } from '../limits.ts';
import type { Read, ReadPacked } from '../read.ts';
import { askedThread } from './asked-thread.ts';

export interface Readers {
  readonly read: ReadPacked;
  /** Rejects when a thread cannot start. What is asked for earlier waits. */
  readonly ready: Promise<void>;
  /** Ends the threads; what they have not read is `busy`. */
  close(): Promise<void>;
}

/** Who the mediator is, told to a reader when it starts. */
export interface ReaderSetup {
  /** As they are kept. */
  readonly keys: string;
  readonly endpoints: Endpoints;
  readonly reading: ReadLimits;
}

export interface ReadersOptions extends ReaderSetup {
  readonly workers: number;
  readonly limits: Pick<Limits, 'waitingEnvelopes' | 'waitingBytes'>;
  readonly onFault: (fault: unknown) => void;
  /** What the threads run. */
  readonly script?: URL;
  /** See AskedThreadOptions. */
  readonly settledMs?: number;
}

const THREAD = new URL('./reader-thread.ts', import.meta.url);
/** Megabytes. What a reader makes is thrown away soon: with more room it would only stay longer. */
const MEMORY = { maxYoungGenerationSizeMb: 16 };
const BUSY = { kind: 'busy' } as const;

/**
 * Threads that open envelopes, and the bounded queue in front of them: what does not fit in is `busy` at once, and
 * so is what a thread was given that died: nothing that was not read is ever answered else.
 */
export function startReaders(options: ReadersOptions): Readers {
  const { workers, limits, keys, endpoints, reading, script = THREAD, ...others } = options;
  const workerData: ReaderSetup = { keys, endpoints, reading };
  const waiting = { envelopes: 0, bytes: 0 };
  const threads = Array.from({ length: workers }, () =>
    askedThread<Bytes, Read>({
      ...others,
      script,
      workerData,
      resourceLimits: MEMORY,
      moved: (packed) => [packed.buffer],
      name: 'a thread that opens envelopes',
    }),
  );
  return {
    ready: Promise.all(threads.map((one) => one.ready)).then(() => undefined),
    read: async (packed) => {
      const { waitingEnvelopes, waitingBytes } = limits;
      const { length } = packed;
      const isFull = waiting.envelopes >= waitingEnvelopes || waiting.bytes + length > waitingBytes;
      const [first, ...more] = threads.filter((one) => one.isAlive);
      if (isFull || !first) return BUSY;
      waiting.envelopes += 1;
      waiting.bytes += length;
      try {
        const least = more.reduce((a, b) => (b.waiting < a.waiting ? b : a), first);
        return (await least.ask(packed)) ?? BUSY;
      } finally {
        waiting.envelopes -= 1;
        waiting.bytes -= length;
      }
    },
    close: async () => {
      await Promise.all(threads.map((one) => one.end()));
    },
  };
}

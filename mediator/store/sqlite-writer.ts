import { DatabaseSync } from 'node:sqlite';
import type { HistogramName } from '../operations/families.ts';
import { noMetrics, type Metrics } from '../operations/metrics.ts';
import { askedThread } from '../threads/asked-thread.ts';
import { StoreError } from './errors.ts';
import { sqliteReads, type Reads } from './sqlite-reads.ts';
import { statements } from './statements.ts';
import type { InboxStore, StoreLimits } from './types.ts';

type Writes = Omit<InboxStore, keyof Reads>;
type Verb = keyof Writes;

/** Told to the thread when it starts. */
export interface WriterSetup {
  readonly path: string;
  readonly limits: StoreLimits;
}
export interface Write {
  readonly verb: Verb;
  readonly values: readonly unknown[];
}
export interface Written {
  readonly value: unknown;
  /** What was measured since the last answer. */
  readonly observed: readonly (readonly [name: HistogramName, value: number])[];
}

const THREAD = new URL('./writer-thread.ts', import.meta.url);

/**
 * The embedded store with a thread that writes, so that nobody waits for the disk but who asked for it. What is
 * read comes from a connection of this thread, which sees all that was committed.
 * @throws StoreError
 */
export async function sqliteWithWriter(
  path: string,
  {
    limits,
    metrics = noMetrics,
    script = THREAD,
    ...others
  }: {
    readonly limits: StoreLimits;
    readonly onFault: (fault: unknown) => void;
    readonly metrics?: Metrics;
    /** What the thread runs. */
    readonly script?: URL;
    /** See AskedThreadOptions. */
    readonly settledMs?: number;
  },
): Promise<InboxStore> {
  const workerData: WriterSetup = { path, limits };
  const writer = askedThread<Write, Written>({
    ...others,
    script,
    workerData,
    name: 'the thread that writes',
  });
  await writer.ready;
  metrics.gauge('queue_depth', () => writer.waiting);
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec('PRAGMA busy_timeout=5000');

  const write = async (verb: Verb, values: readonly unknown[]): Promise<unknown> => {
    const written = await writer.ask({ verb, values });
    if (!written)
      throw new StoreError('store/unavailable', `${path}: the thread that writes ended`);
    for (const [name, value] of written.observed) metrics.observe(name, value);
    return written.value;
  };
  const by =
    <V extends Verb>(verb: V) =>
    (...values: Parameters<Writes[V]>) =>
      write(verb, values) as ReturnType<Writes[V]>;
  return {
    ...sqliteReads(statements(database)),
    grant: by('grant'),
    touch: by('touch'),
    expireAccounts: by('expireAccounts'),
    deny: by('deny'),
    allow: by('allow'),
    changeList: by('changeList'),
    enqueue: by('enqueue'),
    ack: by('ack'),
    putLink: by('putLink'),
    removeLink: by('removeLink'),
    push: by('push'),
    takePushTurn: by('takePushTurn'),
    dropPush: by('dropPush'),
    seen: by('seen'),
    expire: by('expire'),
    close: async () => {
      // The last connection tidies the file up, which takes one that may write.
      database.close();
      await write('close', []);
      await writer.end();
    },
  };
}

import { join } from 'node:path';
import type { Metrics } from './operations/metrics.ts';
import { fileSettings, readSetting, type Settings } from './settings.ts';
import type { LiveNodes } from './store/live-nodes.ts';
import { openPostgres } from './store/postgres/store.ts';
import { sqliteStore } from './store/sqlite.ts';
import { sqliteWithWriter } from './store/sqlite-writer.ts';
import type { InboxStore, StoreLimits } from './store/types.ts';
import { whileInPlace } from './store/while-in-place.ts';

/** Everything that outlives the process. */
export interface Storage {
  readonly store: InboxStore;
  readonly settings: Settings;
  /** Where other processes may use the same. */
  readonly nodes?: LiveNodes;
}

export interface StorageOptions {
  readonly dataDir: string;
  readonly storeUrl?: string;
  /** Gets the faults of a thread that writes to the file; without it, writing is done on this thread. */
  readonly onWriterFault?: (fault: unknown) => void;
}

/** @throws StoreError */
export async function openStorage(
  { storeUrl, dataDir, onWriterFault: onFault }: StorageOptions,
  limits: StoreLimits,
  metrics?: Metrics,
): Promise<Storage> {
  if (storeUrl === undefined) {
    const settings = fileSettings(dataDir); // makes the folder
    const file = join(dataDir, 'inbox.db');
    const measured = metrics ? { metrics } : {};
    const store = onFault
      ? await sqliteWithWriter(file, { limits, onFault, ...measured })
      : sqliteStore(file, limits, metrics);
    return { store: whileInPlace(store, file), settings };
  }
  const { store, settings, nodes } = await openPostgres(storeUrl, limits, metrics);
  return {
    store,
    nodes,
    settings: {
      // A mediator that moves from its file to a database stays the same one.
      once: (name, make) =>
        settings.once(name, async () => readSetting(dataDir, name) ?? (await make())),
      replace: (name, known, text) => settings.replace(name, known, text),
    },
  };
}

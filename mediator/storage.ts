import { join } from 'node:path';
import type { Metrics } from './operations/metrics.ts';
import { fileSettings, readSetting, type Settings } from './settings.ts';
import type { LiveNodes } from './store/live-nodes.ts';
import { openPostgres } from './store/postgres/store.ts';
import { sqliteStore } from './store/sqlite.ts';
import type { InboxStore, StoreLimits } from './store/types.ts';

/** Everything that outlives the process. */
export interface Storage {
  readonly store: InboxStore;
  readonly settings: Settings;
  /** Where other processes may use the same. */
  readonly nodes?: LiveNodes;
}

/** @throws StoreError */
export async function openStorage(
  { storeUrl, dataDir }: { readonly storeUrl?: string; readonly dataDir: string },
  limits: StoreLimits,
  metrics?: Metrics,
): Promise<Storage> {
  if (storeUrl === undefined) {
    const settings = fileSettings(dataDir);
    return { store: sqliteStore(join(dataDir, 'inbox.db'), limits, metrics), settings };
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

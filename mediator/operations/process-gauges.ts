import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { InboxStore, Stats } from '../store/types.ts';
import type { Metrics } from './metrics.ts';

/** Totals are counted over all accounts: asked for no more often than this. */
const TOTALS_MS = 60_000;

/** What can be told of this process and its store. @returns what ends the watch */
export function gaugeProcess(metrics: Metrics, store: Pick<InboxStore, 'stats'>): () => void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - 0.01);
  metrics.gauge('event_loop_lag_seconds', () => seconds(delay.percentile(50)), { quantile: '0.5' });
  metrics.gauge('event_loop_lag_seconds', () => seconds(delay.percentile(99)), {
    quantile: '0.99',
  });
  metrics.gauge(
    'event_loop_lag_seconds',
    () => {
      const most = seconds(delay.max);
      delay.reset();
      return most;
    },
    { quantile: '1' },
  );
  metrics.gauge('resident_memory_bytes', () => process.memoryUsage.rss());
  metrics.gauge('uptime_seconds', () => Math.round(process.uptime()));

  let last: { readonly at: number; readonly totals: Promise<Stats> } | undefined;
  const totals = (): Promise<Stats> => {
    if (!last || performance.now() - last.at > TOTALS_MS)
      last = { at: performance.now(), totals: store.stats() };
    return last.totals;
  };
  metrics.gauge('accounts', async () => (await totals()).accounts);
  metrics.gauge('recipients', async () => (await totals()).recipients);
  metrics.gauge('inbox_messages', async () => (await totals()).messages);
  metrics.gauge('inbox_bytes', async () => (await totals()).bytes);
  return () => delay.disable();
}

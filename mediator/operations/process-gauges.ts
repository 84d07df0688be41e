import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { InboxStore, Stats } from '../store/types.ts';
import type { Metrics } from './metrics.ts';

/** Totals are counted over all accounts: asked for no more often than this. */
const TOTALS_MS = 60_000;

/**
 * What can be told of this process and its store; while the store is away, of the process alone.
 * @returns what ends the watch
 */
export function gaugeProcess(
  metrics: Metrics,
  store: Pick<InboxStore, 'stats'>,
  onFault: (fault: unknown) => void,
): () => void {
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

  const count = (): Promise<Stats | undefined> =>
    store.stats().catch((fault: unknown) => {
      onFault(fault);
      return undefined;
    });
  let last: { readonly at: number; readonly totals: Promise<Stats | undefined> } | undefined;
  const total = async (of: keyof Stats): Promise<number | undefined> => {
    if (!last || performance.now() - last.at > TOTALS_MS)
      last = { at: performance.now(), totals: count() };
    return (await last.totals)?.[of];
  };
  metrics.gauge('accounts', () => total('accounts'));
  metrics.gauge('recipients', () => total('recipients'));
  metrics.gauge('inbox_messages', () => total('messages'));
  metrics.gauge('inbox_bytes', () => total('bytes'));
  return () => delay.disable();
}

import { systemClock } from '../src/lib/clock.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './operations/metrics.ts';
import { repeated } from './repeated.ts';
import type { InboxStore } from './store/types.ts';

/** A sender who says until when means it: nobody gets the message much later. */
const LOOK_FOR_EXPIRED_MS = 1_000;
const LOOK_FOR_IDLE_MS = 60_000;
const SLICE = 1_000;

export interface ExpiryContext {
  readonly store: InboxStore;
  readonly limits: Pick<Limits, 'idleAccountMs'>;
  readonly metrics: Metrics;
  readonly onFault: (fault: unknown) => void;
}

/**
 * Deletes what is over its time, again and again; slice by slice, so that between two of them everybody else gets
 * a turn. @returns what ends it, once nothing is under way
 */
export function startExpiry({
  store,
  limits,
  metrics,
  onFault,
}: ExpiryContext): () => Promise<void> {
  const expire = async (): Promise<void> => {
    for (;;) {
      const { messages, isMore } = await store.expire(systemClock.now(), SLICE);
      metrics.count('expired_total', {}, messages);
      if (!isMore) return;
    }
  };
  const closeIdle = async (): Promise<void> => {
    const before = systemClock.now() - limits.idleAccountMs;
    while ((await store.expireAccounts(before, SLICE)) === SLICE);
  };
  const timers = [
    repeated(expire, LOOK_FOR_EXPIRED_MS, onFault),
    repeated(closeIdle, LOOK_FOR_IDLE_MS, onFault),
  ];
  return async () => {
    for (const stop of timers) await stop();
  };
}

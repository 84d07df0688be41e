import type { Clock } from '../lib/clock.ts';
import type { Did } from '../did/did.ts';

const PER_HOUR = 5;
const HOUR_MS = 60 * 60 * 1000;

/** How many problem reports one sender may still get: five an hour, then the circuit is open (rule R28). */
export interface ReportBudget {
  may(senderDid: Did): boolean;
}

/** In memory: a restart of the worker forgives, which costs a few more reports at worst. */
export function reportBudget(clock: Clock): ReportBudget {
  const spent = new Map<Did, { readonly sinceAt: number; readonly count: number }>();
  return {
    may: (senderDid) => {
      const now = clock.now();
      const entry = spent.get(senderDid);
      const current = entry && now - entry.sinceAt < HOUR_MS ? entry : { sinceAt: now, count: 0 };
      spent.set(senderDid, { ...current, count: current.count + 1 });
      return current.count < PER_HOUR;
    },
  };
}

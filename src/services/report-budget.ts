import type { Clock } from '../lib/clock.ts';

const PER_HOUR = 5;
const HOUR_MS = 60 * 60 * 1000;

/** How many problem reports one contact may still get: five an hour, then the circuit is open (rule R28). */
export interface ReportBudget {
  /** Spends one, if there is one left. @param contactId not a DID, which a contact changes at will */
  spend(contactId: string): boolean;
}

/** In memory: a restart of the worker forgives, which costs a few more reports at worst. */
export function reportBudget(clock: Clock): ReportBudget {
  const spent = new Map<string, { readonly sinceAt: number; readonly count: number }>();
  return {
    spend: (contactId) => {
      const now = clock.now();
      const entry = spent.get(contactId);
      const isFresh = entry && Math.abs(now - entry.sinceAt) < HOUR_MS;
      const current = isFresh ? entry : { sinceAt: now, count: 0 };
      spent.set(contactId, { ...current, count: current.count + 1 });
      return current.count < PER_HOUR;
    },
  };
}

import type { Clock } from '../lib/clock.ts';

const PER_HOUR = 5;
const HOUR_MS = 60 * 60 * 1000;

/** What a fault of a contact is answered with: a report, the one that says there will be no more, or nothing. */
export type Answer = 'report' | 'last' | 'none';

/** How many problem reports one contact may still get: five an hour, then the circuit is open (rule R28). */
export interface ReportBudget {
  /** Counts one fault. @param contactId not a DID, which a contact changes at will */
  spend(contactId: string): Answer;
}

/** In memory: a restart of the worker forgives, which costs a few more reports at worst. */
export function reportBudget(clock: Clock): ReportBudget {
  const spent = new Map<string, { readonly sinceAt: number; readonly count: number }>();
  return {
    spend: (contactId) => {
      const now = clock.now();
      const entry = spent.get(contactId);
      const isFresh = entry && Math.abs(now - entry.sinceAt) < HOUR_MS;
      const { sinceAt, count } = isFresh ? entry : { sinceAt: now, count: 0 };
      spent.set(contactId, { sinceAt, count: count + 1 });
      if (count < PER_HOUR) return 'report';
      return count === PER_HOUR ? 'last' : 'none';
    },
  };
}

import { isIPv6 } from 'node:net';
import type { Clock } from '../src/lib/clock.ts';
import { keepLast } from './keep-last.ts';

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket per client. */
export interface RateLimit {
  /** @returns 0 when allowed, else the whole seconds to wait */
  take(client: string): number;
}

export function tokenBuckets(clock: Clock, perSecond: number, burst: number): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take: (client) => {
      const now = clock.now();
      const bucket = buckets.get(client) ?? { tokens: burst, at: now };
      const elapsed = Math.max(0, now - bucket.at) / 1000;
      const tokens = Math.min(burst, bucket.tokens + elapsed * perSecond);
      const allowed = tokens >= 1;
      keepLast(buckets, client, { tokens: allowed ? tokens - 1 : tokens, at: now });
      return allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
    },
  };
}

/** How much a client may still have of something, counted in windows of fixed length. */
export interface Budget {
  /** @returns false when the budget of this window is used up */
  spend(client: string): boolean;
}

export function budgetPer(windowMs: number, amount: number, clock: Clock): Budget {
  const spent = new Map<string, { count: number; since: number }>();
  return {
    spend: (client) => {
      const now = clock.now();
      const known = spent.get(client);
      const current = known && now - known.since < windowMs ? known : { count: 0, since: now };
      if (current.count >= amount) return false;
      keepLast(spent, client, { count: current.count + 1, since: current.since });
      return true;
    },
  };
}

/** One client per IPv4 address and per IPv6 /64, which is what one subscriber gets. */
export function clientOfAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length;
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  return all
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}

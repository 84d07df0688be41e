import type { InboxStatus } from './types.ts';

/** What either database counts of an inbox; null is what it says of none. */
export interface StatusRow {
  readonly n: bigint;
  readonly bytes: bigint | null;
  readonly oldest: bigint | null;
  readonly newest: bigint | null;
}

export const statusOf = (row: StatusRow | undefined): InboxStatus => ({
  n: Number(row?.n ?? 0),
  bytes: Number(row?.bytes ?? 0),
  ...(row?.oldest != null && row.newest != null
    ? { oldest: Number(row.oldest), newest: Number(row.newest) }
    : {}),
});

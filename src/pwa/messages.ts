/**
 * What the page tells a waiting service worker: take over now. It outlives versions, so it never
 * changes.
 */
export const SKIP_WAITING = { kind: 'skip-waiting' } as const;

export const isSkipWaiting = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === SKIP_WAITING.kind;

/** The cache of big files that are fetched after the first idle moment instead of at install. */
export const WARM_CACHE = 'parley-warm';

/** Time as a port, so that tests can set it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

export const toSeconds = (ms: number): number => Math.floor(ms / 1000);

/** How far a peer's clock and ours may be apart (R17, R25). */
export const SKEW_SECONDS = 600;

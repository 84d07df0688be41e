/**
 * Milliseconds to wait before the next try: doubling from one second to a ceiling of five minutes,
 * with full jitter over the upper half so that many wallets do not return at one instant.
 * @param attempts failed tries so far, from 1
 * @param random a number in [0, 1)
 */
export function backoffMs(attempts: number, random: number): number {
  const ceiling = Math.min(300_000, 1000 * 2 ** Math.min(attempts - 1, 12));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

/** Nothing waits longer than this, whatever a server asked for, milliseconds. */
export const LONGEST_WAIT_MS = 60 * 60 * 1000;

import { randomBytes } from 'node:crypto';
import type { InboxStore } from '../store/types.ts';

export type Readiness = 'ready' | 'draining' | 'store';

/** An answer holds for so long, so that asking costs the disk next to nothing. */
const HOLDS_MS = 1_000;
const PATIENCE_MS = 2_000;

/**
 * Ready is who can answer 202: a durable write has just worked. It leaves a name in the list of known
 * envelopes that the next expiry takes away.
 */
export function readiness(
  store: Pick<InboxStore, 'seen'>,
  onFault: (fault: unknown) => void,
  now: () => number = Date.now,
): { readonly ask: () => Promise<Readiness>; readonly drain: () => void } {
  let draining = false;
  let last: { readonly at: number; readonly answer: Promise<Readiness> } | undefined;
  const write = async (): Promise<Readiness> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Readiness>((resolve) => {
      timer = setTimeout(() => resolve('store'), PATIENCE_MS);
    });
    const written = store.seen(randomBytes(32), now()).then(
      (): Readiness => 'ready',
      (fault: unknown): Readiness => {
        onFault(fault);
        return 'store';
      },
    );
    const answer = await Promise.race([written, late]);
    clearTimeout(timer);
    return answer;
  };
  return {
    ask: async () => {
      if (draining) return 'draining';
      if (!last || now() - last.at >= HOLDS_MS) last = { at: now(), answer: write() };
      return last.answer;
    },
    drain: () => {
      draining = true;
    },
  };
}

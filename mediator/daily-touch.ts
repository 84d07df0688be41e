import type { Did } from '../src/did/did.ts';
import type { Clock } from '../src/lib/clock.ts';
import { didKey } from './did-hash.ts';
import { budgetPer } from './rate-limit.ts';
import type { InboxStore } from './store/types.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Says once a day that an account is in use, and lets nobody wait for it. */
export function dailyTouch(
  store: Pick<InboxStore, 'touch'>,
  clock: Clock,
  onFault: (fault: unknown) => void,
): (did: Did) => void {
  const today = budgetPer(DAY_MS, 1, clock);
  return (did) => {
    if (today.spend(didKey(did))) store.touch(did, clock.now()).catch(onFault);
  };
}

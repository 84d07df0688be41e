import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StoreError } from './errors.ts';
import type { InboxStore } from './types.ts';

const LOOK_MS = 1_000;

/**
 * A file that was deleted, moved away or replaced while it is open can be written to for ever, and none of that is
 * there at the next start. So nothing new is taken while the path leads elsewhere: no mail, and no message that
 * would have to be remembered.
 * @param path of the file that the store has open
 */
export function whileInPlace(store: InboxStore, path: string): InboxStore {
  const own = statSync(path, { bigint: true });
  let fault: StoreError | undefined;
  const isAway = (cause?: unknown): void => {
    fault = new StoreError(
      'store/unavailable',
      `${path}: it was moved, deleted or replaced`,
      cause,
    );
  };
  const look = (): Promise<void> =>
    stat(path, { bigint: true }).then((there) => {
      fault = undefined;
      if (there.ino !== own.ino || there.dev !== own.dev) isAway();
    }, isAway);
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  const mustBeInPlace = (): void => {
    if (fault) throw fault;
  };
  return {
    ...store,
    enqueue: async (forwarded) => {
      mustBeInPlace();
      return store.enqueue(forwarded);
    },
    seen: async (key, until) => {
      mustBeInPlace();
      return store.seen(key, until);
    },
    close: async () => {
      clearInterval(timer);
      await store.close();
    },
  };
}

import { liveQuery } from 'dexie';
import { useEffect, useEffectEvent, useState } from 'react';

/**
 * A view of stored rows that repaints when they change, here or in the service worker.
 * @param read awaits nothing but Dexie, so that liveQuery sees what was read
 * @param view opens the rows; runs outside the query
 * @param key names what is read; a change starts over
 * @returns undefined until the first view is there
 */
export function useLiveView<R, V>(
  key: string,
  read: () => Promise<R>,
  view: (rows: R) => Promise<V>,
): V | undefined {
  const [state, setState] = useState<{ readonly key: string; readonly value: V }>();
  const [failure, setFailure] = useState<unknown>();
  // Both are made anew at every render; what they mean changes only with `key`, so that one render's pair is kept.
  const begin = useEffectEvent(() => ({ query: liveQuery(read), open: view }));
  useEffect(() => {
    const { query, open } = begin();
    let newest = 0;
    let ended = false;
    const fail = (error: unknown): void => setFailure(() => error);
    const subscription = query.subscribe((rows) => {
      newest += 1;
      const mine = newest;
      open(rows).then((value) => {
        if (!ended && mine === newest) setState({ key, value });
      }, fail);
    }, fail);
    return () => {
      ended = true;
      subscription.unsubscribe();
    };
  }, [key]);
  // The screen's error boundary is the one place that catches.
  if (failure !== undefined) throw failure instanceof Error ? failure : new Error('a read failed');
  return state?.key === key ? state.value : undefined;
}

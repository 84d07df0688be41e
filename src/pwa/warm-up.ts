import { WARM_CACHE } from './messages.ts';

/**
 * `put-off`: the person saves data, so the files wait until they are needed. `unreachable`: try
 * again when online.
 */
export type WarmUp = { readonly kind: 'ready' | 'put-off' | 'unreachable' };

/**
 * Fetches, in the first idle moment, the big files that the install of the service worker leaves
 * out, so that what needs them works without a network afterwards. Files of earlier versions are
 * dropped.
 *
 * @param urls same-origin urls with a content hash in their name
 */
export async function warmUp(urls: readonly string[]): Promise<WarmUp> {
  await idle();
  const cache = await caches.open(WARM_CACHE);
  const wanted = urls.map((url) => new URL(url, location.href).href);
  const kept = (await cache.keys()).map((request) => request.url);
  await Promise.all(kept.filter((url) => !wanted.includes(url)).map((url) => cache.delete(url)));
  const missing = wanted.filter((url) => !kept.includes(url));
  if (missing.length === 0) return { kind: 'ready' };
  if (savesData()) return { kind: 'put-off' };
  try {
    await cache.addAll(missing);
    return { kind: 'ready' };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'unreachable' }; // the network, to addAll
    throw error;
  }
}

const savesData = (): boolean =>
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

/** Safari has no requestIdleCallback. */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis)
      requestIdleCallback(() => resolve(), { timeout: 5_000 });
    else setTimeout(resolve, 1_000);
  });

import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { isSkipWaiting, WARM_CACHE } from './messages.ts';

declare const self: ServiceWorkerGlobalScope;

/**
 * Paths that belong to the server: a navigation to them is answered by the network, not by the app
 * shell.
 */
const SERVER_PATHS: readonly RegExp[] = [
  /^\/(did|invitation|invitationOOB|health|ready|version|wipe)\/?(\?|$)/,
  /^\/ws(\/|\?|$)/,
  /^\/i\/./,
  /^\/\.well-known\//,
];

export interface ShellOptions {
  /** Further paths (matched against path and query) that get no app shell. */
  readonly ignore: readonly RegExp[];
}

/**
 * Makes the app start without a network: precaches the files of this build, answers navigations
 * with the app shell and serves warmed-up wasm from its cache. Only GET is touched. Call once,
 * while the worker script is evaluated.
 *
 * A new version waits until the page sends SKIP_WAITING or the last window closes.
 */
export function installShell({ ignore }: ShellOptions): void {
  self.addEventListener('message', (event) => {
    if (isSkipWaiting(event.data)) event.waitUntil(self.skipWaiting());
  });
  // The very first visit is controlled too, so that its page and its worker find each other without
  // a reload.
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

  // The build puts the list here (once, so the name stands once); the development server leaves it
  // undefined.
  const files = (self.__WB_MANIFEST as typeof self.__WB_MANIFEST | undefined) ?? [];
  if (files.length === 0) return;
  precacheAndRoute(files, { cleanURLs: false });
  cleanupOutdatedCaches();
  registerRoute(
    new NavigationRoute(createHandlerBoundToURL('index.html'), {
      denylist: [...SERVER_PATHS, ...ignore],
    }),
  );
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith('.wasm'),
    ({ request }) => warmed(request),
  );
}

/** From the warm cache, else from the network into it: the names carry a hash of the content. */
async function warmed(request: Request): Promise<Response> {
  const cache = await caches.open(WARM_CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

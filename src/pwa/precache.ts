import { isSkipWaiting, WARM_CACHE } from './messages.ts';

/** One file of this build; without a revision its name carries the hash of its content. */
interface ShellFile {
  readonly url: string;
  readonly revision: string | null;
}

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST?: readonly ShellFile[] };

const SHELL_CACHE = 'parley-shell';
const START = '/index.html';

/**
 * Paths that belong to the server: a navigation to them is answered by the network, not by the app
 * shell.
 */
const SERVER_PATHS: readonly RegExp[] = [
  /^\/(did|invitation|invitationOOB|health|ready|version|wipe)\/?$/,
  /^\/ws(\/|$)/,
  /^\/i\/./,
  /^\/\.well-known\//,
];

export interface ShellOptions {
  /** Further paths that get no app shell. */
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
  const files = self.__WB_MANIFEST ?? [];
  if (files.length === 0) return;
  const keys = new Map(files.map((file) => [new URL(file.url, self.origin).pathname, keyOf(file)]));
  const notTheApp = [...SERVER_PATHS, ...ignore];

  self.addEventListener('install', (event) => event.waitUntil(keepMissing(files)));
  self.addEventListener('activate', (event) => event.waitUntil(dropOthers([...keys.values()])));
  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== self.origin) return;
    const isScreen =
      request.mode === 'navigate' && !notTheApp.some((pattern) => pattern.test(pathname));
    const key = keys.get(pathname) ?? (isScreen ? keys.get(START) : undefined);
    if (key !== undefined) event.respondWith(kept(key, request));
    else if (pathname.endsWith('.wasm')) event.respondWith(warmed(request));
  });
}

/** What a file is kept under: a waiting version and the running one share the cache. */
function keyOf({ url, revision }: ShellFile): string {
  const key = new URL(url, self.origin);
  if (revision !== null) key.searchParams.set('revision', revision);
  return key.href;
}

/** Rejects when a file cannot be had: the browser then keeps the running version and tries again. */
async function keepMissing(files: readonly ShellFile[]): Promise<void> {
  const cache = await caches.open(SHELL_CACHE);
  const there = new Set((await cache.keys()).map(({ url }) => url));
  const missing = files.filter((file) => !there.has(keyOf(file)));
  await Promise.all(
    missing.map(async (file) => {
      // A name without a hash may stand in the browser's own cache with older content.
      const response = await fetch(file.url, {
        cache: file.revision === null ? 'default' : 'reload',
      });
      if (!response.ok || response.redirected) throw new Error(`${file.url}: ${response.status}`);
      await cache.put(keyOf(file), response);
    }),
  );
}

async function dropOthers(keys: readonly string[]): Promise<void> {
  const cache = await caches.open(SHELL_CACHE);
  const others = (await cache.keys()).filter(({ url }) => !keys.includes(url));
  await Promise.all(others.map((request) => cache.delete(request)));
}

/** From the shell's cache; from the network only if the browser has evicted it. */
async function kept(key: string, request: Request): Promise<Response> {
  const cache = await caches.open(SHELL_CACHE);
  return (await cache.match(key)) ?? fetch(request);
}

/** From the warm cache, else from the network into it: the names carry a hash of the content. */
async function warmed(request: Request): Promise<Response> {
  const cache = await caches.open(WARM_CACHE);
  const there = await cache.match(request);
  if (there) return there;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

/// <reference lib="webworker" />

declare const self: ServiceWorkerGlobalScope;

// The service worker for browsers whose Web Crypto lacks X25519 or Ed25519: the same worker, after the
// curves. It also keeps the curves for its pages, which must start without a network too.

const CACHE = 'parley-curves';
const CURVES = '/curves.js';

self.addEventListener('install', (event) =>
  event.waitUntil(caches.open(CACHE).then((cache) => cache.add(CURVES))),
);
self.addEventListener('fetch', (event) => {
  if (new URL(event.request.url).pathname === CURVES)
    event.respondWith(caches.match(CURVES).then((kept) => kept ?? fetch(event.request)));
});
importScripts(CURVES, '/sw.js');

export {};

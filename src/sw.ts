/// <reference lib="webworker" />
import { installShell } from './pwa/precache.ts';
import { receiveShares } from './pwa/share-target.ts';

declare const self: ServiceWorkerGlobalScope;

// Answers for the app's own files, which every start of the browser waits for, and hands all other events to
// the engine. Holds no logic of its own.

/** The engine's side of the events: loaded with the first of them. */
const engine = () => import('./sw-engine.ts');

/** The event wrapper: keeps the worker alive for the work, and reports what only a bug can cause. */
const during = (event: Event, work: Promise<unknown>): void => {
  const done = work.catch((error: unknown) => self.reportError(error));
  (event as ExtendableEvent).waitUntil(done);
};

installShell({ ignore: [] });
receiveShares();

self.addEventListener('message', (event) => {
  during(
    event,
    engine().then(({ onMessage }) => onMessage(event)),
  );
});
// Not wrapped: a sync event that fails is one that the browser repeats.
self.addEventListener('sync', (event) => {
  const { lastChance } = event as Event & { readonly lastChance: boolean };
  (event as ExtendableEvent).waitUntil(engine().then(({ onSync }) => onSync(lastChance)));
});
self.addEventListener('periodicsync', (event) => {
  during(
    event,
    engine().then(({ wake }) => wake('periodic')),
  );
});
self.addEventListener('push', (event) => {
  during(
    event,
    engine().then(({ onPush }) => onPush()),
  );
});
// The browser ended or replaced its subscription.
self.addEventListener('pushsubscriptionchange', (event) => {
  during(
    event,
    engine().then(({ wake }) => wake('resubscribe')),
  );
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  during(
    event,
    import('./services/tapped.ts').then(({ showTapped }) =>
      showTapped(self.clients, event.notification.data),
    ),
  );
});

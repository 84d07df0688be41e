/// <reference lib="webworker" />
import { installShell } from './pwa/precache.ts';
import { receiveShares } from './pwa/share-target.ts';
import { readFromPage, type WorkerToPage } from './services/bus.ts';
import type { WakeReason } from './services/engine.ts';
import { createNotices } from './services/notices.ts';
import { composeWorker } from './services/worker.ts';

declare const self: ServiceWorkerGlobalScope;

// Wires events to services; holds no logic of its own.

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
  readonly lastChance: boolean;
}
interface SyncManager {
  register(tag: string): Promise<void>;
}

const OUTBOX_TAG = 'outbox';

const pages = (): Promise<readonly WindowClient[]> =>
  self.clients.matchAll({ type: 'window', includeUncontrolled: true });

const notices = createNotices({
  visiblePages: async () =>
    (await pages()).filter(({ visibilityState }) => visibilityState === 'visible').length,
  mayNotify: () => 'Notification' in self && Notification.permission === 'granted',
  show: (title, options) => self.registration.showNotification(title, options),
  setBadge: async (unread) => {
    if ('setAppBadge' in navigator) await navigator.setAppBadge(unread);
  },
});

/** During a sync event the browser itself tries again, after a while, when the event fails. */
let syncing = false;

const engine = composeWorker({
  ownOrigin: self.location.origin,
  notices,
  askForSync: async () => {
    if (syncing) return;
    const { sync } = self.registration as { readonly sync?: SyncManager };
    // A browser may forbid background sync to a site; mail then leaves when a page opens.
    await sync?.register(OUTBOX_TAG).catch((error: unknown) => {
      if (!(error instanceof DOMException)) throw error;
    });
  },
  onFailure: (error) => self.reportError(error),
});

/** The event wrapper: keeps the worker alive for the work, and reports what only a bug can cause. */
const during = (event: ExtendableEvent, work: Promise<unknown>): void => {
  event.waitUntil(work.catch((error: unknown) => self.reportError(error)));
};

const wakeOn = (type: string, reason: WakeReason): void =>
  self.addEventListener(type, (event) => during(event as ExtendableEvent, engine.wake(reason)));

installShell({ ignore: [] });
receiveShares();

self.addEventListener('message', (event) => {
  const read = readFromPage(event.data);
  if (read.kind === 'other-version') tell(event.source, { type: 'version-mismatch' });
  if (read.kind !== 'ok') return;
  if (read.message.type === 'hidden') engine.hidden();
  else during(event, engine.wake(read.message.type));
});

self.addEventListener('sync', (event) => {
  const { lastChance } = event as SyncEvent;
  // After the last try it is asked for anew.
  syncing = !lastChance;
  const done = engine.wake('sync').finally(() => (syncing = false));
  (event as SyncEvent).waitUntil(
    done.then((all) => {
      if (!all && !lastChance) throw new Error('not everything could be sent yet');
    }),
  );
});
wakeOn('periodicsync', 'periodic');
self.addEventListener('push', (event) => during(event, notices.duringPush(engine.wake('push'))));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  during(event, openChats());
});

async function openChats(): Promise<void> {
  const open = await pages();
  const [page] = [...open].sort((a, b) => Number(b.focused) - Number(a.focused));
  if (!page) {
    await self.clients.openWindow('/chats');
    return;
  }
  tell(page, { type: 'open-chats' });
  await page.focus();
}

function tell(target: ExtendableMessageEvent['source'], message: WorkerToPage): void {
  target?.postMessage(message);
}

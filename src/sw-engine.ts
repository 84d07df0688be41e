/// <reference lib="webworker" />
import { readFromPage, type WorkerToPage } from './services/bus.ts';
import { createNotices } from './services/notices.ts';
import { composeWorker } from './services/worker.ts';

declare const self: ServiceWorkerGlobalScope;

// The service worker's events but for those of the app's own files: wired to services, without logic.

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
  push: self.registration,
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

type Source = ExtendableMessageEvent['source'];

export async function onMessage(event: ExtendableMessageEvent): Promise<void> {
  const data: unknown = event.data;
  const {
    source,
    ports: [port],
  } = event;
  if (port) {
    // Who brings a port asks a question, and waits for the answer there.
    const { answer } = await import('./services/inviter.ts');
    await answer(data, port, self.location.origin);
    return;
  }
  const read = readFromPage(data);
  if (read.kind === 'other-version') tell(source, { type: 'version-mismatch' });
  if (read.kind !== 'ok') return;
  if (read.message.type === 'hidden') engine.hidden();
  else await engine.wake(read.message.type);
}

/** Fails while something waits for another try, unless there is none. */
export async function onSync(lastChance: boolean): Promise<void> {
  // After the last try it is asked for anew.
  syncing = !lastChance;
  const all = await engine.wake('sync').finally(() => (syncing = false));
  if (!all && !lastChance) throw new Error('not everything could be sent yet');
}

export const { wake } = engine;

export const onPush = (): Promise<void> => notices.duringPush(engine.wake('push'));

function tell(target: Source, message: WorkerToPage): void {
  target?.postMessage(message);
}

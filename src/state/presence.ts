import * as v from 'valibot';
import { WorkerToPage } from '../services/bus.ts';
import { useSession } from './session.ts';

/** Shorter than the half minute after which browsers stop an idle worker. */
const PING_MS = 20_000;

/**
 * Keeps the service worker told whether somebody looks at this page: while so, it fetches mail and holds
 * the live socket.
 */
export function announcePresence(): void {
  const tell = (type: 'visible' | 'hidden' | 'online'): void => {
    const session = useSession.getState();
    if (session.kind === 'ready') session.open.tell(type);
  };
  const announce = (): void => tell(document.hidden ? 'hidden' : 'visible');
  document.addEventListener('visibilitychange', announce);
  addEventListener('pagehide', () => tell('hidden'));
  addEventListener('online', () => tell('online'));
  setInterval(() => {
    if (!document.hidden) announce();
  }, PING_MS);
  useSession.subscribe(announce);
  // A worker that takes over (first visit, update) has not heard of this page yet.
  navigator.serviceWorker.addEventListener('controllerchange', announce);
  announce();
}

/** What the service worker asks of the page. */
export function listenToWorker(on: {
  readonly openChats: (contactId: string | undefined) => void;
  readonly versionMismatch: () => void;
}): void {
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const parsed = v.safeParse(WorkerToPage, data);
    if (!parsed.success) return;
    const { type, chat } = parsed.output;
    if (type === 'open-chats') on.openChats(chat);
    else on.versionMismatch();
  });
}

/** A few hours: how often a closed wallet may look for mail, where the browser allows it at all. */
const PERIODIC_MS = 4 * 60 * 60 * 1000;

interface PeriodicSyncManager {
  register(tag: string, options: { readonly minInterval: number }): Promise<void>;
}

export async function askForPeriodicSync(registration: ServiceWorkerRegistration): Promise<void> {
  const { periodicSync } = registration as { readonly periodicSync?: PeriodicSyncManager };
  // Refused to sites that are not installed: mail then comes when a page opens or a push arrives.
  await periodicSync?.register('pickup', { minInterval: PERIODIC_MS }).catch((error: unknown) => {
    if (!(error instanceof DOMException)) throw error;
  });
}

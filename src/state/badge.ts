import { liveQuery } from 'dexie';
import { sessionDb, useSession } from './session.ts';

/**
 * The app icon shows how much is unread; the service worker sets it too, while no page is open. With nothing
 * left to read the notice of it goes.
 */
export function keepBadge(): void {
  const unread = liveQuery(() => sessionDb.messages.where('st').equals('unread').count());
  const start = (): boolean => {
    if (useSession.getState().kind !== 'ready') return false;
    unread.subscribe((count) => {
      if ('setAppBadge' in navigator) navigator.setAppBadge(count).catch(reportError);
      if (count === 0) closeNotices().catch(reportError);
    }, reportError);
    return true;
  };
  if (start()) return;
  const stop = useSession.subscribe(() => {
    if (start()) stop();
  });
}

async function closeNotices(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration();
  for (const notice of (await registration?.getNotifications()) ?? []) notice.close();
}

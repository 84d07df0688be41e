import { liveQuery } from 'dexie';
import { sessionDb, useSession } from './session.ts';

/** The app icon shows how much is unread; the service worker sets it too, while no page is open. */
export function keepBadge(): void {
  if (!('setAppBadge' in navigator)) return;
  const unread = liveQuery(() => sessionDb.messages.where('st').equals('unread').count());
  const start = (): boolean => {
    if (useSession.getState().kind !== 'ready') return false;
    unread.subscribe((count) => {
      navigator.setAppBadge(count).catch(reportError);
    }, reportError);
    return true;
  };
  if (start()) return;
  const stop = useSession.subscribe(() => {
    if (start()) stop();
  });
}

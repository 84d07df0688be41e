import type { Notices } from './engine.ts';

/** The part of a service worker that tells the person something. */
export interface NoticeScope {
  readonly visiblePages: () => Promise<number>;
  readonly mayNotify: () => boolean;
  readonly show: (title: string, options: NotificationOptions) => Promise<void>;
  readonly setBadge: (unread: number) => Promise<void>;
}

/** One notification at a time, whatever the number of messages; no name and no text (decisions.md, T2). */
const TAG = 'new-messages';
const ICON = '/icons/icon-192.png';

export function createNotices(
  scope: NoticeScope,
): Notices & { readonly pushed: () => Promise<void> } {
  const show = (): Promise<void> =>
    scope.show('New message', { tag: TAG, icon: ICON, badge: '/icons/badge-96.png' });
  let shownForPush = false;
  return {
    newTexts: async ({ db }) => {
      await scope.setBadge(await db.messages.where('st').equals('unread').count());
      if (!scope.mayNotify() || (await scope.visiblePages()) > 0) return;
      shownForPush = true;
      await show();
    },
    /** Browsers want a notification for every push, also when the mail could not be fetched now. */
    pushed: async () => {
      if (!shownForPush && scope.mayNotify() && (await scope.visiblePages()) === 0) await show();
      shownForPush = false;
    },
  };
}

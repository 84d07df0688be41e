import { waitForAll } from '../lib/promises.ts';
import type { Notices } from './engine.ts';
import type { Wallet } from './wallet.ts';

/** The part of a service worker that tells the person something. */
export interface NoticeScope {
  readonly visiblePages: () => Promise<number>;
  readonly mayNotify: () => boolean;
  readonly show: (title: string, options: NotificationOptions) => Promise<void>;
  readonly setBadge: (unread: number) => Promise<void>;
}

export interface WorkerNotices extends Notices {
  /**
   * Sees to a notice for a push, which browsers want for every one, also when the mail could not be fetched
   * now. Fails when the work fails.
   */
  readonly duringPush: (work: Promise<unknown>) => Promise<void>;
}

export function createNotices(scope: NoticeScope): WorkerNotices {
  let count = 0;
  const showUnlessSeen = async (wallet?: Wallet): Promise<void> => {
    if (!scope.mayNotify() || (await scope.visiblePages()) > 0) return;
    const notice = await (await import('./notice-names.ts')).noticeOf(wallet);
    if (!notice) return;
    count += 1;
    await scope.show(...notice);
  };
  const countUnread = async ({ db }: Wallet): Promise<void> =>
    scope.setBadge(await db.messages.where('st').equals('unread').count());
  return {
    // Either may fail, and must not take the other with it.
    newTexts: async (wallet) => {
      await waitForAll([showUnlessSeen(wallet), countUnread(wallet)]);
    },
    duringPush: async (work) => {
      const before = count;
      try {
        await work;
      } finally {
        if (count === before) await showUnlessSeen();
      }
    },
  };
}

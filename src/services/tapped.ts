import type { WorkerToPage } from './bus.ts';

/** The pages, as a service worker has them. */
export interface Pages {
  matchAll(options: { readonly type: 'window'; readonly includeUncontrolled: true }): Promise<
    readonly {
      readonly focused: boolean;
      postMessage(message: WorkerToPage): void;
      focus(): Promise<unknown>;
    }[]
  >;
  openWindow(path: string): Promise<unknown>;
}

/**
 * A notification was tapped: shows the chat that it is about, or the list.
 * @param data of the notification: a contact's row id, or nothing
 */
export async function showTapped(pages: Pages, data: unknown): Promise<void> {
  const chat = typeof data === 'string' ? data : undefined;
  const open = await pages.matchAll({ type: 'window', includeUncontrolled: true });
  const [page] = [...open].sort((a, b) => Number(b.focused) - Number(a.focused));
  if (!page) {
    await pages.openWindow(chat === undefined ? '/chats' : `/chats/${chat}`);
    return;
  }
  page.postMessage({ type: 'open-chats', ...(chat === undefined ? {} : { chat }) });
  await page.focus();
}

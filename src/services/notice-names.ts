import { ContactPayload, openRow } from '../storage/payloads.ts';
import { contactName } from './contact-name.ts';
import { NOTICES_NAME, NOTICES_WANTED } from './push-settings.ts';
import type { Wallet } from './wallet.ts';

type Notice = readonly [title: string, options: NotificationOptions];

const TITLE = 'New message';
/** One notification at a time, whatever the number of messages; no text, and no name unless it is wanted (T2). */
const NOTICE: NotificationOptions = {
  tag: 'new-messages',
  icon: '/icons/icon-192.png',
  badge: '/icons/badge-96.png',
};
/** More names than these say no more. */
const MOST = 3;

/**
 * What a notice says beyond that there is something: nothing of a wallet that is not open; else who wrote what is unread, if the person wants that, and
 * the chat that it leads to when that is one person.
 * @returns undefined when the person wants no notices
 */
export async function noticeOf(wallet: Wallet | undefined): Promise<Notice | undefined> {
  if (!wallet) return [TITLE, NOTICE];
  const { db, vault } = wallet;
  if ((await db.settings.get(NOTICES_WANTED))?.value === false) return undefined;
  if ((await db.settings.get(NOTICES_NAME))?.value !== true) return [TITLE, NOTICE];
  const unread = await db.messages.where('st').equals('unread').toArray();
  const chats = [...new Set(unread.map(({ c }) => c))];
  const names: string[] = [];
  for (const id of chats.slice(0, MOST)) {
    const row = await db.contacts.get(id);
    const payload = row && (await openRow(vault, ContactPayload, 'contacts', row));
    if (payload && !payload.muted) names.push(contactName(payload));
  }
  const [chat] = chats;
  return [
    TITLE,
    { ...NOTICE, body: names.join(', '), ...(chats.length === 1 ? { data: chat } : {}) },
  ];
}

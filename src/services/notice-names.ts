import { ContactPayload, openRow } from '../storage/payloads.ts';
import { contactName } from './contact-name.ts';
import { NOTICES_NAME, NOTICES_WANTED } from './push-settings.ts';
import type { Wallet } from './wallet.ts';

/** More names than these say no more. */
const MOST = 3;

/**
 * What a notice says beyond that there is something: who wrote what is unread, if the person wants that, and
 * the chat that it leads to when that is one person.
 * @returns undefined when the person wants no notices
 */
export async function noticeOf({ db, vault }: Wallet): Promise<NotificationOptions | undefined> {
  if ((await db.settings.get(NOTICES_WANTED))?.value === false) return undefined;
  if ((await db.settings.get(NOTICES_NAME))?.value !== true) return {};
  const unread = await db.messages.where('st').equals('unread').toArray();
  const chats = [...new Set(unread.map(({ c }) => c))];
  const names: string[] = [];
  for (const id of chats.slice(0, MOST)) {
    const row = await db.contacts.get(id);
    const payload = row && (await openRow(vault, ContactPayload, 'contacts', row));
    if (payload && !payload.muted) names.push(contactName(payload));
  }
  const [chat] = chats;
  return { body: names.join(', '), ...(chats.length === 1 ? { data: chat } : {}) };
}

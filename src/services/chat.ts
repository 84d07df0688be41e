import { newMessageId, newRowId } from '../lib/ids.ts';
import { draftText } from '../protocols/basic-message/sender.ts';
import { MessagePayload, openRow } from '../storage/payloads.ts';
import type { MessageRow, MessageRowState } from '../storage/schema.ts';
import { documentWanted, isStale } from './contact-document.ts';
import { contactById, isAddressedSame, type Contact } from './contacts.ts';
import { packForContact, type Correspondence } from './outbox.ts';
import type { OpenWallet, PackingWallet } from './wallet.ts';
import { isOpen, readsTexts } from './contact-state.ts';

/** Longer texts go out as several messages: an envelope stays far below the mediator's cap. */
const MAX_TEXT_LENGTH = 20_000;

/** Seals a message row but for its place in the chat, which only the transaction knows. */
export async function sealMessage(
  wallet: Pick<OpenWallet, 'vault'>,
  contactId: string,
  st: MessageRowState,
  payload: MessagePayload,
): Promise<Omit<MessageRow, 's'>> {
  const id = newRowId();
  const [x, hMid] = await Promise.all([
    wallet.vault.seal('messages', id, payload),
    blindMessageId(wallet, payload),
  ]);
  return { id, c: contactId, st, hMid, x };
}

/** Own and received messages have separate name spaces: a contact must not shadow our ids. Case is none (I13). */
export const blindMessageId = (
  wallet: Pick<OpenWallet, 'vault'>,
  message: Pick<MessagePayload, 'mine' | 'messageId'>,
): Promise<string> =>
  wallet.vault.blind(
    'messages',
    `${message.mine ? 'mine' : 'theirs'}|${message.messageId.toLowerCase()}`,
  );

/**
 * Inside a transaction over `messages`: adds the row at the end of its chat, unless the chat has a message
 * of that id from that side already. A contact that moved to a new DID may send one again, and it must
 * not show twice.
 * @returns whether it was added
 */
export async function appendMessage(
  { db }: Pick<OpenWallet, 'db'>,
  row: Omit<MessageRow, 's'>,
): Promise<boolean> {
  const twins = db.messages.where('[c+hMid]').equals([row.c, row.hMid]);
  if ((await twins.count()) > 0) return false;
  const last = await db.messages.where('[c+s]').between([row.c, 0], [row.c, Infinity]).last();
  await db.messages.add({ ...row, s: (last?.s ?? 0) + 1 });
  return true;
}

/** How mail for a contact is addressed now. */
export const correspondenceOf = ({ row, payload }: Contact): Correspondence => ({
  lane: row.id,
  payload,
  ...(row.state === 'connecting' ? { pthid: payload.invitationId } : {}),
});

/**
 * Writes a text: message and outbox row in one transaction, so that what is on screen is also on its way.
 * @returns false when the contact is gone, was not let in (nobody hears from us before, rule R37), or reads no
 *   texts
 */
export async function sendText(
  wallet: PackingWallet,
  contactId: string,
  text: string,
  lang: string,
): Promise<boolean> {
  for (;;) {
    const contact = await contactById(wallet, contactId);
    if (!contact || !isOpen(contact.row.state) || !readsTexts(contact.payload)) return false;
    const { unmet, blocked } = contact.payload;
    if (blocked || unmet?.fault) return false;
    const parts = splitText(text).map((part) => ({ text: part, messageId: newMessageId() }));
    const at = wallet.clock.now();
    const messages = await Promise.all(
      parts.map((part) =>
        sealMessage(wallet, contactId, 'waiting', {
          ...part,
          mine: true,
          at,
          // Packed when their document is there.
          ...(unmet ? { lang } : {}),
        }),
      ),
    );
    const outbox = await packForContact(
      wallet,
      correspondenceOf(contact),
      (unmet ? [] : parts).map((part, i) => ({
        draft: draftText(part.text, lang),
        id: part.messageId,
        messageRowId: messages[i]?.id ?? '',
      })),
    );
    const wanted = isStale(contact.payload, at) && (await documentWanted(wallet, contactId));
    const { db } = wallet;
    const written = await db.transaction(
      'rw',
      [db.contacts, db.messages, db.outbox, db.drafts, db.intents],
      async () => {
        // Packed for addresses that have changed since: pack again.
        if (!isAddressedSame(contact.row, await db.contacts.get(contactId))) return false;
        for (const message of messages) await appendMessage(wallet, message);
        await db.outbox.bulkAdd(outbox);
        await db.drafts.delete(contactId);
        if (wanted) await db.intents.put(wanted);
        return true;
      },
    );
    if (written) return true;
  }
}

/** Never between the two halves of a surrogate pair, so that no emoji is cut in two. */
function splitText(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > MAX_TEXT_LENGTH) {
    const high = rest.charCodeAt(MAX_TEXT_LENGTH - 1);
    const end = high >= 0xd800 && high <= 0xdbff ? MAX_TEXT_LENGTH - 1 : MAX_TEXT_LENGTH;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest];
}

/** Sends a failed message again, under the same id, so that it can never show twice. */
export async function retryMessage(
  wallet: PackingWallet,
  messageRowId: string,
  lang: string,
): Promise<void> {
  const { db } = wallet;
  for (;;) {
    const row = await db.messages.get(messageRowId);
    if (row?.st !== 'failed') return;
    const payload = await openRow(wallet.vault, MessagePayload, 'messages', row);
    const contact = await contactById(wallet, row.c);
    if (!payload || !contact || !isOpen(contact.row.state)) return;
    const outbox = await packForContact(wallet, correspondenceOf(contact), [
      { draft: draftText(payload.text, lang), id: payload.messageId, messageRowId },
    ]);
    const written = await db.transaction('rw', [db.contacts, db.messages, db.outbox], async () => {
      // As in sendText. From an address that we left, the contact would not take it any more (rule R18).
      if (!isAddressedSame(contact.row, await db.contacts.get(row.c))) return false;
      if ((await db.messages.get(messageRowId))?.st !== 'failed') return true;
      await db.messages.put({ ...withoutReason(row), st: 'waiting' });
      await db.outbox.bulkAdd(outbox);
      return true;
    });
    if (written) return;
  }
}

function withoutReason({ why: _, ...row }: MessageRow): MessageRow {
  return row;
}

/** Everything this contact wrote counts as seen. */
export async function markRead({ db }: Pick<OpenWallet, 'db'>, contactId: string): Promise<void> {
  await db.messages.where('[c+st]').equals([contactId, 'unread']).modify({ st: 'read' });
}

export async function saveDraft(
  wallet: PackingWallet,
  contactId: string,
  text: string,
): Promise<void> {
  if (text === '') return wallet.db.drafts.delete(contactId);
  const x = await wallet.vault.seal('drafts', contactId, { text });
  await wallet.db.drafts.put({ id: contactId, x });
}

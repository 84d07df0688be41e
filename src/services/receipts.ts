import { toSeconds } from '../lib/clock.ts';
import { draftReceived } from '../protocols/receipts/wallet.ts';
import { openRow, ReceiptPayload } from '../storage/payloads.ts';
import type { ReceiptRow } from '../storage/schema.ts';
import { correspondenceOf } from './chat.ts';
import { contactById } from './contacts.ts';
import { packForContact } from './outbox.ts';
import type { Wallet } from './wallet.ts';

/** As many as one receipts message carries. */
const BATCH = 100;

/**
 * Tells contacts which of their texts arrived, many in one message: a long backlog must not put a long
 * queue of receipts before what the person writes next. Contacts that were not let in yet wait.
 */
export async function confirmReceived(wallet: Wallet): Promise<void> {
  const contactIds = (await wallet.db.receipts.orderBy('c').uniqueKeys()) as string[];
  for (const contactId of contactIds) await confirmTo(wallet, contactId);
}

async function confirmTo(wallet: Wallet, contactId: string): Promise<void> {
  const { db } = wallet;
  for (;;) {
    const contact = await contactById(wallet, contactId);
    if (contact?.row.state === 'asking') return;
    const rows = await db.receipts.where('c').equals(contactId).limit(BATCH).toArray();
    if (rows.length === 0) return;
    const ids = await messageIds(wallet, rows);
    const outbox =
      contact && ids.length > 0
        ? await packForContact(wallet, correspondenceOf(contact), [
            { draft: draftReceived(ids, toSeconds(wallet.clock.now())) },
          ])
        : [];
    await db.transaction('rw', [db.contacts, db.receipts, db.outbox], async () => {
      // Packed for addresses that have changed since: the next round packs again.
      if ((await db.contacts.get(contactId))?.rev !== contact?.row.rev) return;
      await db.outbox.bulkAdd(outbox);
      await db.receipts.bulkDelete(rows.flatMap(({ seq }) => seq ?? []));
    });
  }
}

async function messageIds(wallet: Wallet, rows: readonly ReceiptRow[]): Promise<string[]> {
  const opened = await Promise.all(
    rows.map((row) => openRow(wallet.vault, ReceiptPayload, 'receipts', row)),
  );
  return opened.flatMap((payload) => (payload ? [payload.messageId] : []));
}

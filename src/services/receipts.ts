import { toSeconds } from '../lib/clock.ts';
import { draftReceived } from '../protocols/receipts/wallet.ts';
import { openRow, ReceiptPayload } from '../storage/payloads.ts';
import { correspondenceOf } from './chat.ts';
import { isAddressedSame, openContact } from './contacts.ts';
import { packForContact } from './outbox.ts';
import type { Wallet } from './wallet.ts';
import { isOpen } from './contact-state.ts';

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
    const row = await db.contacts.get(contactId);
    if (!row) {
      await db.receipts.where('c').equals(contactId).delete();
      return;
    }
    const contact = await openContact(wallet, row);
    if (!contact || !isOpen(row.state)) return;
    const batch = (await readable(wallet, contactId)).slice(0, BATCH);
    if (batch.length === 0) return;
    const ids = batch.map(({ messageId }) => messageId);
    const outbox = await packForContact(wallet, correspondenceOf(contact), [
      { draft: draftReceived(ids, toSeconds(wallet.clock.now())) },
    ]);
    await db.transaction('rw', [db.contacts, db.receipts, db.outbox], async () => {
      // Packed for addresses that have changed since: the next round packs again.
      if (!isAddressedSame(row, await db.contacts.get(contactId))) return;
      await db.outbox.bulkAdd(outbox);
      await db.receipts.bulkDelete(batch.map(({ seq }) => seq));
    });
  }
}

/** Receipts to give, oldest first; rows that cannot be read stay as they lie. */
async function readable(
  wallet: Wallet,
  contactId: string,
): Promise<{ readonly seq: number; readonly messageId: string }[]> {
  const rows = await wallet.db.receipts.where('c').equals(contactId).toArray();
  const opened = await Promise.all(
    rows.map(async (row) => ({
      seq: row.seq,
      payload: await openRow(wallet.vault, ReceiptPayload, 'receipts', row),
    })),
  );
  return opened.flatMap(({ seq, payload }) =>
    seq === undefined || !payload ? [] : [{ seq, messageId: payload.messageId }],
  );
}

import type { OutboxPayload } from '../storage/payloads.ts';
import type { Device } from '../storage/device.ts';
import type { OutboxRow, ParleyDb } from '../storage/schema.ts';
import { giveUp, withdrawals } from './former-dids.ts';

/**
 * The message that ends a relationship has left, or will never be taken: the contact is told or not, our
 * DIDs are withdrawn, their keys erased. One transaction with the removal from the outbox.
 */
export async function endingLeft(
  { db, device }: { readonly db: ParleyDb; readonly device: Device },
  row: OutboxRow,
  { contactId, dids }: NonNullable<OutboxPayload['endsWith']>,
  told: boolean,
): Promise<void> {
  const jobs = await withdrawals(device, dids);
  const tables = [db.outbox, db.contacts, db.invitations, db.keys, db.jobs];
  await db.transaction('rw', tables, async () => {
    if (row.seq !== undefined) await db.outbox.delete(row.seq);
    await db.contacts
      .where('id')
      .equals(contactId)
      .modify((contact) => {
        contact.state = told ? 'ended' : 'untold';
        contact.rev += 1;
      });
    await giveUp(db, contactId, dids, jobs);
  });
}

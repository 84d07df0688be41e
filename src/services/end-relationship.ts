import { addressDraft } from '../didcomm/address.ts';
import { signFromPrior } from '../didcomm/from-prior.ts';
import { packAnoncrypt } from '../didcomm/pack.ts';
import { toSeconds } from '../lib/clock.ts';
import { newRowId } from '../lib/ids.ts';
import { draftEmpty } from '../protocols/empty/empty.ts';
import type { OutboxRow } from '../storage/schema.ts';
import { documentOf } from './contact-document.ts';
import { contactById, sealContact, type Contact } from './contacts.ts';
import { formerDids, giveUp, withdrawals } from './former-dids.ts';
import { recipientJob } from './jobs.ts';
import { signingKeyOf } from './own-keys.ts';
import type { PackingWallet } from './wallet.ts';
import { isOpen } from './contact-state.ts';

/**
 * Ends the relationship with a contact by a move to no DID (messaging spec, "Ending a Relationship"). What
 * was written before leaves first, the ending last; our DIDs are withdrawn and their keys erased once it has
 * left (`ending-left.ts`), so that this works with no network.
 * @returns false when there is nothing to end
 */
export async function endRelationship(wallet: PackingWallet, contactId: string): Promise<boolean> {
  const { db } = wallet;
  for (;;) {
    const contact = await contactById(wallet, contactId);
    // Who was not met has nothing to be told: deleting the chat is enough.
    if (!contact || !isOpen(contact.row.state) || contact.payload.unmet) return false;
    const { row, payload } = contact;
    const ending = await packEnding(wallet, contact);
    const next = await sealContact(wallet.vault, contactId, 'ending', payload, row.rev + 1);
    const tables = [db.contacts, db.outbox, db.receipts, db.drafts];
    const written = await db.transaction('rw', tables, async () => {
      if ((await db.contacts.get(contactId))?.rev !== row.rev) return false;
      await db.contacts.put(next);
      await db.outbox.add(ending);
      await db.receipts.where('c').equals(contactId).delete();
      await db.drafts.delete(contactId);
      return true;
    });
    if (written) return true;
  }
}

/** W12: no `from`, a JWT without `sub`, encrypted by nobody. */
async function packEnding(
  wallet: PackingWallet,
  { row: { id: contactId }, payload: contact }: Contact,
): Promise<OutboxRow> {
  const { myDid, myPriorDids, theirDid } = contact;
  const now = wallet.clock.now();
  const fromPrior = await signFromPrior({
    iss: myDid,
    iatSeconds: toSeconds(now),
    signer: await signingKeyOf(wallet, myDid),
  });
  const packed = await packAnoncrypt(wallet.engine, {
    plaintext: addressDraft(draftEmpty(), { to: theirDid, nowMs: now, fromPrior }),
    recipient: await documentOf(contact),
  });
  if (packed.kind !== 'ok') throw new Error('a contact without a usable key');
  const dids = await formerDids(wallet.vault, [myDid, ...myPriorDids]);
  const payload = {
    inner: packed.packed,
    theirDid,
    attempts: 0,
    endsWith: { contactId, dids },
  };
  const id = newRowId();
  const x = await wallet.device.seal('outbox', id, payload);
  return { id, lane: contactId, nextAt: 0, x };
}

/**
 * Goes on with a contact whose ending the person does not believe: the word that it gave may have been meant
 * for somebody else (rule R20). The same word does not end it again.
 */
export async function reconnect(wallet: PackingWallet, contactId: string): Promise<boolean> {
  const { db } = wallet;
  for (;;) {
    const contact = await contactById(wallet, contactId);
    if (contact?.row.state !== 'left') return false;
    const { row } = contact;
    const { wasAsking, ...payload } = contact.payload;
    // Who was never let in stays before the door (rule R37).
    const state = wasAsking ? 'asking' : 'connected';
    const next = await sealContact(wallet.vault, contactId, state, payload, row.rev + 1);
    const jobs = await Promise.all(
      [payload.myDid, ...payload.myPriorDids].map((did) =>
        recipientJob(wallet, contactId, 'add', did),
      ),
    );
    const written = await db.transaction('rw', [db.contacts, db.jobs], async () => {
      if ((await db.contacts.get(contactId))?.rev !== row.rev) return false;
      await db.contacts.put(next);
      await db.jobs.bulkAdd(jobs);
      return true;
    });
    if (written) return true;
  }
}

/**
 * Deletes what was said. A contact that can still be written to stays; an ended one goes too, and with it
 * the keys that could read its mail, and one that was never met.
 */
export async function deleteChat(wallet: PackingWallet, contactId: string): Promise<void> {
  const { db } = wallet;
  const contact = await contactById(wallet, contactId);
  if (!contact) return;
  const { myDid, myPriorDids, unmet } = contact.payload;
  const dids = await formerDids(wallet.vault, [myDid, ...myPriorDids]);
  const jobs = await withdrawals(wallet.device, dids);
  const tables = [
    db.contacts,
    db.messages,
    db.receipts,
    db.drafts,
    db.keys,
    db.jobs,
    db.invitations,
  ];
  await db.transaction('rw', tables, async () => {
    const row = await db.contacts.get(contactId);
    if (!row) return;
    await db.messages.where('[c+s]').between([contactId, 0], [contactId, Infinity]).delete();
    await db.receipts.where('c').equals(contactId).delete();
    await db.drafts.delete(contactId);
    if (isOpen(row.state) && !unmet) return;
    await db.contacts.delete(contactId);
    // Of one that is still to be told, they go when that has left.
    if (row.state === 'left') await giveUp(db, contactId, dids, []);
    if (row.state === 'void') await giveUp(db, contactId, dids, jobs);
  });
}

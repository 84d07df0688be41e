import { InvitationPayload, openRow } from '../storage/payloads.ts';
import type { InvitationRow } from '../storage/schema.ts';
import { openContact } from './contacts.ts';
import { recipientJob } from './jobs.ts';
import { keyHashesOf } from './own-keys.ts';
import type { OpenWallet } from './wallet.ts';

/**
 * Withdraws the address of an invitation that lets nobody in any more. Contacts that came by it and do not
 * know their own address yet keep it alive until they do: nobody may be lost by it.
 * @returns whether it is gone
 */
export async function retireInvitation(
  wallet: OpenWallet,
  { id, hMyDid }: Pick<InvitationRow, 'id' | 'hMyDid'>,
): Promise<boolean> {
  const { db } = wallet;
  const row = await db.invitations.get(id);
  const payload = row && (await openRow(wallet.vault, InvitationPayload, 'invitations', row));
  if (!payload) return false;
  const contacts = await db.contacts.where('hMyDid').equals(hMyDid).toArray();
  for (const contact of contacts) {
    const opened = await openContact(wallet, contact);
    // Still at this address, told of another but not heard from there, or not readable by this version.
    if (!opened || opened.payload.myDid === payload.myDid) return false;
    if (opened.payload.fromPrior !== undefined) return false;
  }
  const job = await recipientJob(wallet, id, 'remove', payload.myDid);
  const keyHashes = await keyHashesOf(wallet.vault, payload.myDid);
  return db.transaction('rw', [db.invitations, db.contacts, db.keys, db.jobs], async () => {
    const now = await db.invitations.get(id);
    const users = await db.contacts.where('hMyDid').equals(hMyDid).count();
    if (now?.state !== row.state || users !== contacts.length) return false;
    await db.invitations.delete(id);
    // What is still under way to those contacts' first address must open.
    if (users === 0) await db.keys.bulkDelete(keyHashes);
    await db.jobs.where('lane').equals(id).delete();
    await db.jobs.add(job);
    return true;
  });
}

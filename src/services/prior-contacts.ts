import type { Did } from '../did/did.ts';
import { blindDid, openContact, type Contact } from './contacts.ts';
import type { OpenWallet } from './wallet.ts';

/** The contact that used this DID before it moved to another. */
export async function contactByPriorDid(
  wallet: OpenWallet,
  did: Did,
): Promise<Contact | undefined> {
  const row = await wallet.db.contacts
    .where('hPriorDid')
    .equals(await blindDid(wallet.vault, did))
    .first();
  return row && openContact(wallet, row);
}

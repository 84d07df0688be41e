import type { ContactPayload } from '../storage/payloads.ts';
import { contactById, sealContact } from './contacts.ts';
import type { OpenWallet } from './wallet.ts';

/**
 * Changes a contact. Reads, seals outside the transaction, and writes only if nobody changed the row in
 * between; otherwise starts over.
 * @returns false when the contact is gone
 */
export async function changeContact(
  wallet: OpenWallet,
  id: string,
  change: (payload: ContactPayload) => ContactPayload,
): Promise<boolean> {
  for (;;) {
    const contact = await contactById(wallet, id);
    if (!contact) return false;
    const { row } = contact;
    const next = await sealContact(
      wallet.vault,
      id,
      row.state,
      change(contact.payload),
      row.rev + 1,
    );
    const written = await wallet.db.transaction('rw', wallet.db.contacts, async () => {
      if ((await wallet.db.contacts.get(id))?.rev !== row.rev) return false;
      await wallet.db.contacts.put(next);
      return true;
    });
    if (written) return true;
  }
}

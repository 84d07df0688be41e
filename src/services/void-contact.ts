import type { ParleyDb } from '../storage/schema.ts';
import { sendNoMore } from './effects.ts';

/**
 * The mailbox of somebody whose code we answered does not know the code's address any more: the code was used
 * up, withdrawn or has ended. Nothing more is sent, and the person is told so, once.
 * @param lane of the envelope that was refused
 * @returns false when it was refused to somebody who answered us before
 */
export const voidContact = (db: ParleyDb, lane: string): Promise<boolean> =>
  db.transaction('rw', [db.contacts, db.outbox, db.receipts, db.drafts, db.messages], async () => {
    const contact = await db.contacts.get(lane);
    if (contact?.state !== 'connecting') return false;
    await db.contacts.update(lane, { state: 'void', rev: contact.rev + 1 });
    await sendNoMore(db, lane, 'void');
    return true;
  });

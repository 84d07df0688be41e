import { ContactPayload, openRow } from '../storage/payloads.ts';
import { sealContact } from './contacts.ts';
import { formerDids, giveUp, withdrawals } from './former-dids.ts';
import { retireInvitation } from './retire.ts';
import type { Wallet } from './wallet.ts';
import { isOpen } from './contact-state.ts';

export { keepSpares } from './keep-spares.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** What was opened and never decided on. */
const INTENT_DAYS = 30;

/** Drops what can no longer matter: dedupe marks, forgotten intents, and the addresses of unused invitations. */
export async function forgetExpired(wallet: Wallet): Promise<void> {
  const { db } = wallet;
  const now = wallet.clock.now();
  await db.seen0.where('exp').below(now).delete();
  await db.dedupe.where('exp').below(now).delete();
  await db.intents
    .filter(({ at, state }) => state !== 'contact' && at < now - INTENT_DAYS * DAY_MS)
    .delete();
  await retireInvitations(wallet, now);
  await leavePriorDids(wallet, now);
}

/** Contacts that have written to our new address for a while need the ones before it no more (rule R19). */
async function leavePriorDids(wallet: Wallet, now: number): Promise<void> {
  const { db, vault, device } = wallet;
  const moved = await db.contacts.filter(({ hMyDid }) => hMyDid.length > 1).toArray();
  for (const row of moved) {
    const payload = await openRow(vault, ContactPayload, 'contacts', row);
    if (!payload || now < (payload.priorsUntilAt ?? Infinity) || !isOpen(row.state)) continue;
    const { priorsUntilAt: _, ...rest } = payload;
    const changed = { ...rest, myPriorDids: [] };
    const next = await sealContact(vault, row.id, row.state, changed, row.rev + 1);
    const dids = await formerDids(vault, payload.myPriorDids);
    const jobs = await withdrawals(device, dids);
    await db.transaction('rw', [db.contacts, db.invitations, db.keys, db.jobs], async () => {
      if ((await db.contacts.get(row.id))?.rev !== row.rev) return;
      await db.contacts.put(next);
      await giveUp(db, row.id, dids, jobs);
    });
  }
}

/** A code that ended gives its address back a day later: late mail for it is refused anyway. */
async function retireInvitations(wallet: Wallet, now: number): Promise<void> {
  const ended = await wallet.db.invitations
    .filter(
      ({ use, state, expiresAt }) =>
        use !== 'spare' &&
        state !== 'answered' &&
        (state === 'revoked' || expiresAt < now - DAY_MS),
    )
    .toArray();
  for (const row of ended) await retireInvitation(wallet, row);
}

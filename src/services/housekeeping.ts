import { InvitationPayload, openRow } from '../storage/payloads.ts';
import { recipientJob } from './jobs.ts';
import { keyHashesOf } from './own-dids.ts';
import type { Wallet } from './wallet.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** What was opened and never decided on. */
const INTENT_DAYS = 30;

/** Drops what can no longer matter: dedupe marks, forgotten intents, and the addresses of unused invitations. */
export async function forgetExpired(wallet: Wallet): Promise<void> {
  const { db } = wallet;
  const now = wallet.clock.now();
  await db.seen0.where('exp').below(now).delete();
  await db.dedupe.where('exp').below(now).delete();
  await db.intents.filter(({ at }) => at < now - INTENT_DAYS * DAY_MS).delete();
  await retireInvitations(wallet, now);
}

/** An invitation nobody answered gives its address back a day after it ended; late mail for it is refused anyway. */
async function retireInvitations(wallet: Wallet, now: number): Promise<void> {
  const { db } = wallet;
  const ended = await db.invitations
    .filter(({ state, expiresAt }) => state !== 'answered' && expiresAt < now - DAY_MS)
    .toArray();
  for (const row of ended) {
    const payload = await openRow(wallet.vault, InvitationPayload, 'invitations', row);
    if (!payload) continue;
    const job = await recipientJob(wallet, row.id, 'remove', payload.myDid);
    const keyHashes = await keyHashesOf(wallet.vault, payload.myDid);
    await db.transaction('rw', [db.invitations, db.keys, db.jobs], async () => {
      if ((await db.invitations.get(row.id))?.state === 'answered') return;
      await db.invitations.delete(row.id);
      await db.keys.bulkDelete(keyHashes);
      await db.jobs.add(job);
    });
  }
}

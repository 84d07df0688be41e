import type { Did } from '../did/did.ts';
import { recipientJob } from './jobs.ts';
import { mintDid } from './mint-did.ts';
import { retireInvitation } from './retire.ts';
import { allSpares, bareInvitation, isKeptAt } from './spares.ts';
import type { Wallet } from './wallet.ts';

/** Registers spare addresses ahead of need, and gives back those of a mailbox that was left. */
export async function keepSpares(wallet: Wallet, routingDid: Did, wanted: number): Promise<void> {
  let kept = 0;
  for (const { row, payload } of await allSpares(wallet)) {
    if (await isKeptAt(payload.myDid, routingDid)) kept += 1;
    else await retireInvitation(wallet, row);
  }
  for (; kept < wanted; kept += 1) await addSpare(wallet, routingDid);
}

async function addSpare(wallet: Wallet, routingDid: Did): Promise<void> {
  const minted = await mintDid(wallet.vault, routingDid);
  const { row } = await bareInvitation(wallet, minted.did, 'spare');
  const job = await recipientJob(wallet, row.id, 'add', minted.did, row.id);
  const { db } = wallet;
  await db.transaction('rw', [db.invitations, db.keys, db.jobs], async () => {
    await db.invitations.add(row);
    await db.keys.bulkAdd([...minted.keyRows]);
    await db.jobs.add(job);
  });
}

import type { Did } from '../did/did.ts';
import { newRowId } from '../lib/ids.ts';
import type { Device } from '../storage/device.ts';
import type { JobRow, ParleyDb } from '../storage/schema.ts';
import type { Vault } from '../storage/vault.ts';
import { blindDid } from './contacts.ts';
import { recipientJob } from './jobs.ts';
import { keyHashesOf } from './own-keys.ts';

/** A DID of ours on its way out, with the hashes that find its rows: giving it up needs no vault. */
export interface FormerDid {
  readonly did: Did;
  readonly hDid: string;
  readonly keyHashes: readonly string[];
}

export const formerDids = (vault: Vault, dids: readonly Did[]): Promise<FormerDid[]> =>
  Promise.all(
    dids.map(async (did) => ({
      did,
      hDid: await blindDid(vault, did),
      keyHashes: await keyHashesOf(vault, did),
    })),
  );

/** Jobs that withdraw DIDs at the mailbox; nobody's mail waits for them. Touches no table. */
export const withdrawals = (
  device: Device,
  dids: readonly Pick<FormerDid, 'did'>[],
): Promise<JobRow[]> =>
  Promise.all(dids.map(({ did }) => recipientJob({ device }, newRowId(), 'remove', did)));

/**
 * Inside a transaction over contacts, invitations, keys and jobs: withdraws each DID and erases its keys,
 * unless another contact or a code that still works uses it too.
 * @param jobs one per DID, in their order; none to erase the keys of DIDs that were withdrawn before
 * @param contactId the contact that lets go of them
 */
export async function giveUp(
  db: ParleyDb,
  contactId: string,
  dids: readonly FormerDid[],
  jobs: readonly JobRow[],
): Promise<void> {
  for (const [i, { hDid, keyHashes }] of dids.entries()) {
    if (await isUsedElsewhere(db, contactId, hDid)) continue;
    await db.keys.bulkDelete([...keyHashes]);
    const job = jobs[i];
    if (job) await db.jobs.add(job);
  }
}

/** Whether another contact, or a code that still works, has this DID of ours. */
export async function isUsedElsewhere(
  db: ParleyDb,
  contactId: string,
  hDid: string,
): Promise<boolean> {
  const others = db.contacts.where('hMyDid').equals(hDid);
  if ((await others.filter(({ id }) => id !== contactId).count()) > 0) return true;
  const codes = db.invitations.where('hMyDid').equals(hDid);
  return (await codes.filter(({ state }) => state !== 'answered').count()) > 0;
}

import type { Did } from '../did/did.ts';
import { newRowId } from '../lib/ids.ts';
import type { JobPayload } from '../storage/payloads.ts';
import type { JobRow } from '../storage/schema.ts';
import type { OpenWallet } from './wallet.ts';

/**
 * A job row that announces a DID of ours to the mailbox, or withdraws it. Touches no table.
 * @param lane the contact or invitation that waits for it
 */
export async function recipientJob(
  wallet: Pick<OpenWallet, 'device'>,
  lane: string,
  action: JobPayload['action'],
  recipientDid: Did,
  invitationRowId?: string,
): Promise<JobRow> {
  const id = newRowId();
  const payload: JobPayload = {
    recipientDid,
    action,
    attempts: 0,
    ...(invitationRowId === undefined ? {} : { invitationRowId }),
  };
  return { id, lane, nextAt: 0, x: await wallet.device.seal('jobs', id, payload) };
}

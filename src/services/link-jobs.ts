import { newRowId } from '../lib/ids.ts';
import type { LinkJobPayload } from '../storage/payloads.ts';
import type { LinkJobRow } from '../storage/schema.ts';
import type { OpenWallet } from './wallet.ts';

/**
 * A row that puts a short link at the mailbox's server, or removes it. Touches no table.
 * @param put undefined to remove it
 */
export async function linkJob(
  wallet: Pick<OpenWallet, 'device'>,
  invitation: string,
  linkId: string,
  put: LinkJobPayload['put'] | undefined,
): Promise<LinkJobRow> {
  const id = newRowId();
  const payload: LinkJobPayload = { linkId, attempts: 0, ...(put ? { put } : {}) };
  return { id, invitation, nextAt: 0, x: await wallet.device.seal('linkJobs', id, payload) };
}

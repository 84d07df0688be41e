import { newRowId } from '../lib/ids.ts';
import { linkIdOf } from '../protocols/blind-link/seal.ts';
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

/** What withdraws a code's short link; nothing for a code that never had one. Touches no table. */
export async function linkRemoval(
  wallet: Pick<OpenWallet, 'device'>,
  invitation: string,
  secretB64u: string | undefined,
): Promise<LinkJobRow[]> {
  if (secretB64u === undefined) return [];
  return [await linkJob(wallet, invitation, await linkIdOf(secretB64u), undefined)];
}

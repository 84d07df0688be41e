import { ProfilePayload, openRow } from '../storage/payloads.ts';
import type { OpenWallet } from './wallet.ts';

/** The name that others see; empty when there is none. */
export async function myName({ db, vault }: Pick<OpenWallet, 'db' | 'vault'>): Promise<string> {
  const row = await db.profile.get('me');
  return (row && (await openRow(vault, ProfilePayload, 'profile', row))?.name) ?? '';
}

import { resolverKnowing } from '../did/resolve-known.ts';
import { resolveDid } from '../did/resolve.ts';
import { isSameDid } from '../did/same-did.ts';
import type { Did, DidResolution } from '../did/did.ts';
import { contactByPriorDid, contactByTheirDid } from './contacts.ts';
import type { OpenWallet } from './wallet.ts';

// What contacts introduced their DIDs by, those they left too.

/** A DID in its short form, by the long one that a contact introduced it by (rules I50, R39). */
export const resolveShort = (wallet: OpenWallet, did: string): Promise<DidResolution> =>
  resolverKnowing(resolveDid, (short) => longFormOf(wallet, short))(did);

async function longFormOf(wallet: OpenWallet, short: Did): Promise<Did | undefined> {
  const contact = await contactByTheirDid(wallet, short);
  if (contact) return contact.payload.theirDid;
  // A move is told again and again, and names the DID that was left.
  const before = await contactByPriorDid(wallet, short);
  for (const prior of before?.payload.theirPriorDids ?? [])
    if (await isSameDid(prior, short)) return prior;
  return undefined;
}

/** Whether the contact that has this DID now had the other one before. */
export async function isKnownMove(wallet: OpenWallet, left: Did, now: Did): Promise<boolean> {
  const contact = await contactByTheirDid(wallet, now);
  return (
    contact !== undefined && (await contactByPriorDid(wallet, left))?.row.id === contact.row.id
  );
}

import { didOf, type Did } from './did.ts';
import { peer3Of } from './peer3.ts';

// One DID, two forms (rules I50, R39): did:peer:4 long and short, did:peer 2 and 3.

/**
 * The one form to look a DID up by: the one that is a hash, for did:peer 2 and 4; the DID itself for all
 * others. A long did:peer:4 that does not belong to its hash stays as it is, so that it equals no other DID.
 */
export async function canonicalDid(did: Did): Promise<Did> {
  if (!did.startsWith('did:peer:4')) return (await peer3Of(did)) ?? did;
  return (await (await import('./peer4.ts')).provedShort(did)) ?? did;
}

/** Whether two DIDs are forms of one. */
export const isSameDid = async (one: Did, other: Did): Promise<boolean> =>
  one === other || (await canonicalDid(one)) === (await canonicalDid(other));

/**
 * A claim that is another form of the proved DID (rule I50), or "a DID URL (without the fragment component)" of
 * it, is that DID; any other stays as it is.
 */
export async function inProvedForm(
  claim: string | undefined,
  proved: Did | undefined,
): Promise<string | undefined> {
  if (claim === undefined || claim === proved || !proved || claim.includes('#')) return claim;
  const did = didOf(claim);
  return did && (await isSameDid(did, proved)) ? proved : claim;
}

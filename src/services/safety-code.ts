import type { Did } from '../did/did.ts';
import { canonicalDid } from '../did/same-did.ts';
import { utf8 } from '../lib/bytes.ts';
import { contactById } from './contacts.ts';
import type { OpenWallet } from './wallet.ts';

/**
 * What two people compare to know that nobody stands between them: 30 digits from the SHA-256 over both
 * DIDs, in the form they are looked up by, sorted and joined by a line feed. Each five bytes of the hash,
 * taken as a number, give the five digits of a group.
 * @returns six groups of five digits
 */
export async function safetyCode(one: Did, other: Did): Promise<readonly string[]> {
  const dids = await Promise.all([one, other].map(canonicalDid));
  const hash = await crypto.subtle.digest('SHA-256', utf8(dids.sort().join('\n')));
  const bytes = new Uint8Array(hash);
  return Array.from({ length: 6 }, (_, group) => {
    const number = bytes
      .subarray(group * 5, group * 5 + 5)
      .reduce((sum, byte) => sum * 256 + byte, 0);
    return String(number % 100_000).padStart(5, '0');
  });
}

export interface ContactCode {
  readonly groups: readonly string[];
  /** They may not know our newest address yet, and then see another code. */
  readonly isSettled: boolean;
}

export async function codeWith(
  wallet: OpenWallet,
  contactId: string,
): Promise<ContactCode | undefined> {
  const contact = await contactById(wallet, contactId);
  if (!contact) return undefined;
  const { myDid, theirDid, fromPrior } = contact.payload;
  return { groups: await safetyCode(myDid, theirDid), isSettled: fromPrior === undefined };
}

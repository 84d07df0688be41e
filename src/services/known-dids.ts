import { resolverKnowing } from '../did/resolve-known.ts';
import { resolveDid } from '../did/resolve.ts';
import { isSameDid } from '../did/same-did.ts';
import { readDidWeb } from '../did/web.ts';
import type { Did, DidResolution } from '../did/did.ts';
import { isDidWeb } from './contact-document.ts';
import { contactByTheirDid, type Contact } from './contacts.ts';
import { contactByPriorDid } from './prior-contacts.ts';
import type { OpenWallet } from './wallet.ts';

// What is kept of contacts' DIDs, those they left too.

/**
 * A contact's DID that says nothing by itself: a short form by the long one that introduced it (rules I50, R39),
 * a did:web by its document as it was fetched to write to it (rule R40). A stranger's stays unknown.
 */
export async function resolveStored(wallet: OpenWallet, did: Did): Promise<DidResolution> {
  const contact = await holderOf(wallet, did);
  const json = contact?.payload.theirDocument?.json;
  return json !== undefined && isDidWeb(did)
    ? readDidWeb(did, json)
    : resolverKnowing(resolveDid, (short) => longFormOf(contact, short))(did);
}

/** A move is told again and again, and names the DID that was left. */
const holderOf = async (wallet: OpenWallet, did: Did): Promise<Contact | undefined> =>
  (await contactByTheirDid(wallet, did)) ?? (await contactByPriorDid(wallet, did));

async function longFormOf(contact: Contact | undefined, short: Did): Promise<Did | undefined> {
  const { theirDid, theirPriorDids } = contact?.payload ?? { theirPriorDids: [] };
  for (const long of [theirDid, ...theirPriorDids])
    if (long && (await isSameDid(long, short))) return long;
  return undefined;
}

/** Whether the contact that has this DID now had the other one before. */
export async function isKnownMove(wallet: OpenWallet, left: Did, now: Did): Promise<boolean> {
  const contact = await contactByTheirDid(wallet, now);
  return (
    contact !== undefined && (await contactByPriorDid(wallet, left))?.row.id === contact.row.id
  );
}

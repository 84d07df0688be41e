import type { Did, DidDocument, DidResolution } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import type { IntentRow } from '../storage/schema.ts';
import type { OpenWallet } from './wallet.ts';

/** Says nothing by itself: who writes to it has to fetch its document. */
export const isDidWeb = (did: Did): boolean => did.startsWith('did:web:');

type Known = Pick<ContactPayload, 'theirDid' | 'theirDocument'>;

/** What a contact's DID says: by itself or, of a did:web, as it was last fetched. Never asks the network (rule R40). */
export const resolveContact = async ({ theirDid, theirDocument }: Known): Promise<DidResolution> =>
  theirDocument && isDidWeb(theirDid)
    ? (await import('../did/web.ts')).readDidWeb(theirDid, theirDocument.json)
    : resolveDid(theirDid);

/** @throws Error for a DID that says nothing: nobody is packed for before their document is there. */
export async function documentOf(known: Known): Promise<DidDocument> {
  const resolved = await resolveContact(known);
  if (resolved.kind !== 'ok') throw new Error('a contact whose DID does not resolve');
  return resolved.document;
}

/** What a did:web published an hour ago is looked at again before more is said to it. */
const FRESH_MS = 60 * 60 * 1000;

export const isStale = ({ theirDid, theirDocument }: Known, now: number): boolean =>
  theirDocument !== undefined && isDidWeb(theirDid) && now - theirDocument.at > FRESH_MS;

/** Has the service worker fetch a contact's document, for a tap of the person. Touches no table. */
export async function documentWanted(
  { vault, clock }: Pick<OpenWallet, 'vault' | 'clock'>,
  contactId: string,
): Promise<IntentRow> {
  const x = await vault.seal('intents', contactId, { text: '' });
  return { id: contactId, at: clock.now(), state: 'contact', fetch: 'asked', x };
}

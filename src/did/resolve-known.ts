import type { Did, DidResolution, KeyId, PublicKey, ResolveDid } from './did.ts';
import { resolvePeer2 } from './peer2.ts';
import { peer3Of } from './peer3.ts';
import { resolvePeer4, shortPeer4 } from './peer4.ts';

/**
 * A resolver that also knows short forms.
 * @param longFormOf the long form that a short one was introduced by (a contact's); undefined for a stranger's
 */
export const resolverKnowing =
  (resolve: ResolveDid, longFormOf: (short: Did) => Promise<Did | undefined>): ResolveDid =>
  async (did) => {
    const resolution = await resolve(did);
    const short = did as Did;
    if (resolution.kind !== 'unsupported' || !isShort(short)) return resolution;
    return byLongForm(short, await longFormOf(short));
  };

const byLongForm = (short: Did, long: Did | undefined): Promise<DidResolution> =>
  short.startsWith('did:peer:3') ? resolvePeer3(short, long) : resolvePeer4(short, long);

const isShort = (did: Did): boolean => did.startsWith('did:peer:3') || shortPeer4(did) === did;

/**
 * Resolves did:peer numalgo 3, which says nothing by itself: only by the did:peer:2 that it is the hash of.
 * Every id in the document is of the did:peer:3.
 */
export async function resolvePeer3(did: Did, knownLong?: Did): Promise<DidResolution> {
  if (knownLong === undefined) return { kind: 'unsupported' };
  if ((await peer3Of(knownLong)) !== did) return { kind: 'malformed' };
  const resolution = resolvePeer2(knownLong);
  if (resolution.kind !== 'ok') return resolution;
  const named = (key: PublicKey): PublicKey => {
    const kid: KeyId = `${did}${key.kid.slice(knownLong.length) as `#${string}`}`;
    return { ...key, kid };
  };
  const { keyAgreement, authentication, services } = resolution.document;
  return {
    kind: 'ok',
    document: {
      did,
      keyAgreement: keyAgreement.map(named),
      authentication: authentication.map(named),
      services,
      alsoKnownAs: [knownLong],
    },
  };
}

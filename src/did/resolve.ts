import { isDid, type Did, type DidResolution, type ResolveDid } from './did.ts';
import { resolvePeer2 } from './peer2.ts';

/** Documents kept. One takes some kilobytes; the limits of the resolvers bound the largest. */
const CACHE_SIZE = 512;
/** In order of last use: a Map iterates in order of insertion. */
const cache = new Map<string, DidResolution>();

/** Documents never change for their DID (rule R40). Failures are not kept: garbage must not push out peers. */
export const resolveDid: ResolveDid = async (did) => {
  const known = cache.get(did);
  if (known) {
    cache.delete(did);
    cache.set(did, known);
    return known;
  }
  const resolution: DidResolution = isDid(did) ? await resolveAfresh(did) : { kind: 'malformed' };
  if (resolution.kind === 'ok') {
    cache.set(did, resolution);
    const [oldest] = cache.keys();
    if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
  }
  return resolution;
};

async function resolveAfresh(did: Did): Promise<DidResolution> {
  if (did.startsWith('did:peer:2')) return resolvePeer2(did);
  const { resolveOther } = await import('./resolve-others.ts');
  return resolveOther(did);
}

import type { Did, DidResolution } from './did.ts';
import { resolveKey } from './key.ts';
import { resolvePeer0 } from './peer0.ts';
import { resolvePeer4 } from './peer4.ts';

/** The DIDs that stand for themselves but are not of the kind that Parley makes. */
export async function resolveOther(did: Did): Promise<DidResolution> {
  if (did.startsWith('did:key:')) return resolveKey(did);
  if (did.startsWith('did:peer:0')) return resolvePeer0(did);
  if (did.startsWith('did:peer:4')) return resolvePeer4(did);
  return { kind: 'unsupported' };
}

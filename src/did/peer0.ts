import type { Did, DidResolution } from './did.ts';
import { documentOfKey } from './key.ts';

/** did:peer numalgo 0: `did:peer:0` and a multibase key; resolves as did:key does. */
export const resolvePeer0 = (did: Did): DidResolution =>
  documentOfKey(did, did.slice('did:peer:0'.length));

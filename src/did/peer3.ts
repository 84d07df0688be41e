import { sha256Multihash } from '../crypto/multihash.ts';
import type { Did } from './did.ts';

const PEER2 = 'did:peer:2';

/**
 * The did:peer:3 of a did:peer:2: the hash of all that follows `did:peer:2` ("Method 3"). Undefined for
 * other DIDs.
 */
export const peer3Of = async (did: Did): Promise<Did | undefined> =>
  did.startsWith(PEER2) ? `did:peer:3${await sha256Multihash(did.slice(PEER2.length))}` : undefined;

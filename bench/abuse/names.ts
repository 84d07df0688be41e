import { encodeKey } from '../../src/crypto/multicodec.ts';
import type { Did } from '../../src/did/did.ts';
import { createPeer2 } from '../../src/did/peer2-create.ts';
import { randomBytes } from '../../src/lib/bytes.ts';

// Names by the hundred thousand: nobody has their keys.

export const peerName = (): Did =>
  createPeer2({ agreement: randomBytes(32), signing: randomBytes(32), services: [] });

export const keyName = (): Did => `did:key:${encodeKey('X25519', randomBytes(32))}`;

/** An address that a proxy might tell of: 10.x.y.z. */
export const addressOf = (i: number): string =>
  `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;

import { toMultibase } from '../crypto/multibase.ts';
import { encodeKey } from '../crypto/multicodec.ts';
import { sha256Multihash } from '../crypto/multihash.ts';
import { concatBytes, utf8 } from '../lib/bytes.ts';
import { isDid, type Did } from './did.ts';
import type { NewPeer2 } from './peer2-create.ts';
import { JSON_CODEC } from './peer4.ts';
import { DIDCOMM_SERVICE } from './service.ts';

/** Both forms of one DID. Whoever does not know the DID yet needs the long one. */
export interface Peer4 {
  readonly long: Did;
  readonly short: Did;
}

/**
 * A did:peer numalgo 4 of the same content as our did:peer:2: agreement key `#key-1`, signing key `#key-2`,
 * one service each. Throws RangeError as `encodePeer4` does.
 */
export function createPeer4({
  agreement,
  signing,
  services,
}: Omit<NewPeer2, 'other'>): Promise<Peer4> {
  const method = (id: string, publicKeyMultibase: string) => ({
    id,
    type: 'Multikey',
    publicKeyMultibase,
  });
  return encodePeer4({
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    verificationMethod: [
      method('#key-1', encodeKey('X25519', agreement)),
      method('#key-2', encodeKey('Ed25519', signing)),
    ],
    keyAgreement: ['#key-1'],
    authentication: ['#key-2'],
    service: services.map(({ uri, accept = ['didcomm/v2'], routingKeys = [] }, index) => ({
      id: index === 0 ? '#service' : `#service-${index}`,
      type: DIDCOMM_SERVICE,
      serviceEndpoint: { uri, accept, routingKeys },
    })),
  });
}

/**
 * The DID that is this document ("Creating a DID", "Encode Document", "Hash"). Ids in it are relative.
 * Throws RangeError for a document with an `id`, or one whose DID is longer than 4,096 characters.
 */
export async function encodePeer4(document: Readonly<Record<string, unknown>>): Promise<Peer4> {
  if ('id' in document) throw new RangeError('the document of a did:peer:4 has no id');
  const encoded = toMultibase(concatBytes(JSON_CODEC, utf8(JSON.stringify(document))));
  const short: Did = `did:peer:4${await sha256Multihash(encoded)}`;
  const long = `${short}:${encoded}`;
  if (!isDid(long)) throw new RangeError('a DID is longer than 4,096 characters');
  return { long, short };
}

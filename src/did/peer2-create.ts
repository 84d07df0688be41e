import { encodeKey, type KeyCurve } from '../crypto/multicodec.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { utf8, type Bytes } from '../lib/bytes.ts';
import { isDid, type Did } from './did.ts';
import { MAX_SERVICE_BYTES, MAX_SERVICES, SHORT_TYPE } from './peer2-service.ts';

/** A service to be written into a DID of our own. */
export interface NewService {
  readonly uri: string;
  /** `didcomm/v2` unless told otherwise. */
  readonly accept?: readonly string[];
  /** Printed, also when empty, exactly if given: some readers want the member, QR codes want it away. */
  readonly routingKeys?: readonly string[];
}

export interface NewPeer2 {
  /** X25519 public key, 32 bytes; becomes `<did>#key-1`. */
  readonly agreement: Bytes;
  /** Ed25519 public key, 32 bytes; becomes `<did>#key-2`. */
  readonly signing: Bytes;
  /** A second agreement key, for a peer that has none on X25519; becomes `<did>#key-3`. */
  readonly other?: { readonly curve: KeyCurve; readonly publicBytes: Bytes };
  /** In order of preference; at most 3, each at most 2 KiB as JSON. */
  readonly services: readonly NewService[];
}

/**
 * A did:peer numalgo 2: agreement key, signing key, the other agreement key if any, then one `.S` element per service. Keys come before
 * services because some libraries count both when they number keys.
 * Throws RangeError when no resolver of ours would take the result (limits above, 4,096 characters in all).
 */
export function createPeer2({ agreement, signing, other, services }: NewPeer2): Did {
  if (services.length > MAX_SERVICES) throw new RangeError('a did:peer takes at most 3 services');
  const elements = [
    `E${encodeKey('X25519', agreement)}`,
    `V${encodeKey('Ed25519', signing)}`,
    ...(other ? [`E${encodeKey(other.curve, other.publicBytes)}`] : []),
    ...services.map((service) => `S${encodeService(service)}`),
  ];
  const did = ['did:peer:2', ...elements].join('.');
  if (!isDid(did)) throw new RangeError('a DID is longer than 4,096 characters');
  return did;
}

/**
 * The value of an `.S` element. All of it is ASCII without `>`, `?`, `~` and DEL, whose bytes alone would put
 * `-` or `_` into the base64url: several resolvers refuse those two.
 */
function encodeService({ uri, accept = ['didcomm/v2'], routingKeys }: NewService): string {
  const json = JSON.stringify({ t: SHORT_TYPE, s: { uri, r: routingKeys, a: accept } });
  const ascii = json.replace(
    /[^ -}]|[>?]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (ascii.length > MAX_SERVICE_BYTES)
    throw new RangeError('a did:peer service is longer than 2 KiB');
  return toBase64Url(utf8(ascii));
}

import type { KeyCurve } from '../crypto/multicodec.ts';
import type { Bytes } from '../lib/bytes.ts';

export type { KeyCurve };

export type Did = `did:${string}:${string}`;
/** A DID URL with a fragment that names one key. */
export type KeyId = `${Did}#${string}`;

const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%=-]+$/;
const MAX_LENGTH = 4096;

/** Syntax only (DID Core section 3.1), at most 4,096 characters. */
export const isDid = (text: unknown): text is Did =>
  typeof text === 'string' && text.length <= MAX_LENGTH && DID.test(text);

/** The DID part of a DID URL; undefined when the text is not one. */
export function didOf(didUrl: string): Did | undefined {
  const end = didUrl.search(/[#?/]/);
  const did = end === -1 ? didUrl : didUrl.slice(0, end);
  return isDid(did) ? did : undefined;
}

/** One public key of a DID document. */
export interface PublicKey {
  /**
   * Absolute, whatever was printed: `<did>#key-N` for did:peer:2, `<did>#<multibase>` for did:peer:0 and
   * did:key, `<did>#<fragment of its id>` for did:peer:4.
   */
  readonly kid: KeyId;
  readonly curve: KeyCurve;
  /** X25519 and Ed25519: 32 bytes; P-256 and secp256k1: 33 bytes, compressed. */
  readonly publicBytes: Bytes;
  /** The multibase form with its `z`, from which the older key-id forms are derived (peer-did.md). */
  readonly multibase: string;
}

/** One DIDCommMessaging endpoint, in the document's order of preference. */
export interface DidCommService {
  /** An http(s) or ws(s) URL, a DID, `didcomm:transport/queue`, or empty. */
  readonly uri: string;
  readonly routingKeys: readonly string[];
  /** Profiles taken; absent when the document leaves the choice to the sender. */
  readonly accept?: readonly string[];
  /** Its owner has a service of type `Authentication` too: nothing is taken without a login there (rule I54). */
  readonly login?: true;
}

/** What Parley needs of a DID document, normalised from every flavour met in the field. */
export interface DidDocument {
  readonly did: Did;
  readonly keyAgreement: readonly PublicKey[];
  readonly authentication: readonly PublicKey[];
  readonly services: readonly DidCommService[];
  /** Only what the DID itself proves: the other form of a did:peer:4. What a document claims is left out. */
  readonly alsoKnownAs: readonly Did[];
}

export type DidResolution =
  | { readonly kind: 'ok'; readonly document: DidDocument }
  /** Unsupported: a well-formed DID that says nothing by itself (did:web, did:peer 1, 3 and short 4). */
  | { readonly kind: 'malformed' | 'unsupported' };

/** Pure: did:peer 0, 2, 4 (long) and did:key; never the network (rule R40). Takes a DID, not a DID URL. */
export type ResolveDid = (did: string) => Promise<DidResolution>;

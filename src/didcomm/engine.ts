import type { Bytes } from '../lib/bytes.ts';
import type { JsonLimits, JsonObject } from '../lib/json.ts';
import type { ResolveDid, KeyId, PublicKey } from '../did/did.ts';

export type ContentEncryption = 'A256CBC-HS512' | 'A256GCM' | 'XC20P';

/**
 * A private key of ours, as a non-extractable Web Crypto key: X25519 or a curve of NIST for agreement, Ed25519
 * for signing.
 */
export interface OwnKey {
  readonly kid: KeyId;
  readonly privateKey: CryptoKey;
}

/** Finds the private agreement key for a received recipient kid, in any of the kid forms of peer-did.md. */
export interface Secrets {
  agreementKey(recipientKid: string): Promise<CryptoKey | undefined>;
}

/** Of each layer of an envelope. */
export interface EnvelopeLimits extends JsonLimits {
  readonly maxRecipients: number;
}

/** What one layer of an envelope proved; outermost first. */
export type Layer =
  | {
      readonly kind: 'authcrypt';
      readonly senderKid: KeyId;
      /** Its authentication tag: what nobody but the sender can make anew. */
      readonly tag: Bytes;
      readonly recipientKid: string;
      readonly recipientKids: readonly string[];
    }
  | {
      readonly kind: 'anoncrypt';
      readonly enc: ContentEncryption;
      readonly recipientKid: string;
      readonly recipientKids: readonly string[];
    }
  | { readonly kind: 'signed'; readonly signerKid: KeyId };

/** Why an envelope was refused; the rule of security.md section 6 in the comment. */
export type EnvelopeFault =
  | 'too-large' // caps of section 7.2
  | 'too-deep'
  | 'not-json'
  | 'malformed' // JSON, but neither envelope nor plaintext, or a broken member
  | 'plaintext' // R1
  | 'nesting' // R9
  | 'header' // R10: apu, apv, skid
  | 'recipients' // R11, cap
  | 'alg' // R12: algorithm, crit, zip
  | 'epk' // R13
  | 'signer' // R6: the kid is no authentication key of its DID, or the signature is wrong
  | 'sender' // the skid is no key-agreement key of its DID
  | 'did' // a DID in the envelope that does not resolve (R38, R39, R40)
  | 'typ' // R32
  | 'decrypt'; // no tag, key or content fits: altered, or not for this key

export type Unpacked =
  | {
      readonly kind: 'ok';
      readonly layers: readonly Layer[];
      /** Any JSON object without `ciphertext` and `payload`; nothing in it is checked but `typ`. */
      readonly plaintext: JsonObject;
      /** The same as it came. */
      readonly plaintextBytes: Bytes;
    }
  | { readonly kind: 'refused'; readonly fault: EnvelopeFault }
  /** Well formed, but none of its recipients is a key of ours. */
  | { readonly kind: 'not-for-us'; readonly recipientKids: readonly string[] };

/**
 * The one port for envelopes. Packing takes resolved keys; all recipients belong to one DID and one curve
 * (messaging spec, "Encryption"). Errors thrown are bugs: whatever a stranger can send is an `Unpacked`.
 */
export interface EnvelopeEngine {
  /** ECDH-1PU+A256KW with A256CBC-HS512. @returns JWE, general JSON serialisation, as text */
  authcrypt(plaintext: Bytes, sender: OwnKey, recipients: readonly PublicKey[]): Promise<string>;
  /** ECDH-ES+A256KW; A256CBC-HS512 unless told otherwise. */
  anoncrypt(
    plaintext: Bytes,
    recipients: readonly PublicKey[],
    enc?: ContentEncryption,
  ): Promise<string>;
  /** EdDSA, general JWS with the kid in the unprotected header and `typ` in the protected one. */
  sign(plaintext: Bytes, signer: OwnKey): Promise<string>;
  /**
   * Opens every legal nesting (didcomm-v2.md section 1) down to the plaintext; checks R1 and R9-R13, R32.
   * @param limits where they differ from the caps of security.md section 7.2
   */
  unpack(
    packed: string,
    secrets: Secrets,
    resolve: ResolveDid,
    limits?: Partial<EnvelopeLimits>,
  ): Promise<Unpacked>;
}

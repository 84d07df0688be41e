import type { Bytes } from '../lib/bytes.ts';
import type { JsonObject } from '../lib/json.ts';
import type { OwnKeyPair } from './keys.ts';
import type { KeyCurve } from './multicodec.ts';

/** A curve for key agreement: all that an envelope needs to know of it. */
export interface AgreementCurve {
  readonly name: KeyCurve;
  /** The public key of a JWK; undefined when it is not one of this curve or not safe to agree with. */
  fromJwk(jwk: JsonObject): Bytes | undefined;
  toJwk(publicBytes: Bytes): JsonObject;
  /** False for points that would fix the shared secret whatever our key is. */
  isSafe(publicBytes: Bytes): boolean;
  /** A fresh pair for one envelope. */
  ephemeral(): Promise<OwnKeyPair>;
  /** For `agree`. @param publicBytes must be safe */
  importPublic(publicBytes: Bytes): Promise<CryptoKey>;
  /** The raw shared secret. @throws DOMException when the public key was not safe */
  agree(privateKey: CryptoKey, publicKey: CryptoKey): Promise<Bytes>;
}

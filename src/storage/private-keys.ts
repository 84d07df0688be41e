import type { KeyCurve } from '../crypto/multicodec.ts';
import { concatBytes, randomBytes, utf8, type Bytes } from '../lib/bytes.ts';

/**
 * Keeps private keys at rest as PKCS #8 under AES-GCM: iv(12), ciphertext, tag(16); the kid is the AAD.
 * Private keys are stored in this form only: WebKit gives back null for a row with an X25519 CryptoKey in it
 * (measured, WebKitGTK 2.50.6).
 */
export interface KeyWrapper {
  /** @param key an extractable private key; throws for any other */
  wrapPrivateKey(kid: string, key: CryptoKey): Promise<Bytes>;
  /**
   * @param curve X25519 unless told otherwise
   * @returns a key for `deriveBits`, not extractable; throws when the bytes are not of this kid and vault
   */
  unwrapAgreementKey(kid: string, wrapped: Bytes, curve?: KeyCurve): Promise<CryptoKey>;
  /** @returns an Ed25519 key for `sign`, not extractable; throws when the bytes are not of this kid and vault */
  unwrapSigningKey(kid: string, wrapped: Bytes): Promise<CryptoKey>;
}

const IV_LENGTH = 12;

export function keyWrapper(wrappingKey: () => Promise<CryptoKey>): KeyWrapper {
  return {
    wrapPrivateKey: async (kid, key) => wrapPkcs8(await wrappingKey(), utf8(kid), key),
    unwrapAgreementKey: async (kid, wrapped, curve) =>
      unwrapAgreementKey(await wrappingKey(), utf8(kid), wrapped, curve),
    unwrapSigningKey: async (kid, wrapped) =>
      unwrapPkcs8(await wrappingKey(), utf8(kid), wrapped, { name: 'Ed25519' }, 'sign'),
  };
}

export async function wrapPkcs8(
  wrappingKey: CryptoKey,
  additionalData: Bytes,
  key: CryptoKey,
): Promise<Bytes> {
  const iv = randomBytes(IV_LENGTH);
  const algorithm = { name: 'AES-GCM', iv, additionalData };
  const wrapped = await crypto.subtle.wrapKey('pkcs8', key, wrappingKey, algorithm);
  return concatBytes(iv, new Uint8Array(wrapped));
}

export const unwrapAgreementKey = (
  wrappingKey: CryptoKey,
  additionalData: Bytes,
  wrapped: Bytes,
  curve: KeyCurve = 'X25519',
): Promise<CryptoKey> =>
  unwrapPkcs8(
    wrappingKey,
    additionalData,
    wrapped,
    // "ECDH" takes the curve as a member; X25519 is an algorithm of its own, which asks for no member.
    { name: curve === 'X25519' ? curve : 'ECDH', namedCurve: curve },
    'deriveBits',
  );

function unwrapPkcs8(
  wrappingKey: CryptoKey,
  additionalData: Bytes,
  wrapped: Bytes,
  algorithm: { readonly name: string; readonly namedCurve?: string },
  usage: 'deriveBits' | 'sign',
): Promise<CryptoKey> {
  const iv = wrapped.subarray(0, IV_LENGTH);
  return crypto.subtle.unwrapKey(
    'pkcs8',
    wrapped.subarray(IV_LENGTH),
    wrappingKey,
    { name: 'AES-GCM', iv, additionalData },
    algorithm,
    false,
    [usage],
  );
}

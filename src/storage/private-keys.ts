import { concatBytes, randomBytes, utf8, type Bytes } from '../lib/bytes.ts';

/**
 * Keeps private keys at rest as PKCS #8 under AES-GCM: iv(12), ciphertext, tag(16); the kid is the AAD.
 * Private keys are stored in this form only: WebKit gives back null for a row with an X25519 CryptoKey in it
 * (measured, WebKitGTK 2.50.6).
 */
export interface KeyWrapper {
  /** @param key an extractable X25519 or Ed25519 private key; throws for any other */
  wrapPrivateKey(kid: string, key: CryptoKey): Promise<Bytes>;
  /** @returns an X25519 key for `deriveBits`, not extractable; throws when the bytes are not of this kid and vault */
  unwrapAgreementKey(kid: string, wrapped: Bytes): Promise<CryptoKey>;
  /** @returns an Ed25519 key for `sign`, not extractable; throws when the bytes are not of this kid and vault */
  unwrapSigningKey(kid: string, wrapped: Bytes): Promise<CryptoKey>;
}

const IV_LENGTH = 12;

export function keyWrapper(wrappingKey: () => Promise<CryptoKey>): KeyWrapper {
  return {
    wrapPrivateKey: async (kid, key) => wrapPkcs8(await wrappingKey(), utf8(kid), key),
    unwrapAgreementKey: async (kid, wrapped) =>
      unwrapAgreementKey(await wrappingKey(), utf8(kid), wrapped),
    unwrapSigningKey: async (kid, wrapped) =>
      unwrapPkcs8(await wrappingKey(), utf8(kid), wrapped, 'Ed25519', 'sign'),
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
): Promise<CryptoKey> => unwrapPkcs8(wrappingKey, additionalData, wrapped, 'X25519', 'deriveBits');

function unwrapPkcs8(
  wrappingKey: CryptoKey,
  additionalData: Bytes,
  wrapped: Bytes,
  name: 'X25519' | 'Ed25519',
  usage: 'deriveBits' | 'sign',
): Promise<CryptoKey> {
  const iv = wrapped.subarray(0, IV_LENGTH);
  return crypto.subtle.unwrapKey(
    'pkcs8',
    wrapped.subarray(IV_LENGTH),
    wrappingKey,
    { name: 'AES-GCM', iv, additionalData },
    { name },
    false,
    [usage],
  );
}

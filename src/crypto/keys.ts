import type { Bytes } from '../lib/bytes.ts';

/** A fresh pair. The private key is extractable, so that the vault can wrap it as PKCS #8. */
export interface OwnKeyPair {
  /** 32 bytes. */
  readonly publicBytes: Bytes;
  readonly privateKey: CryptoKey;
}

const AGREEMENT = { name: 'X25519' };
const SIGNING = { name: 'Ed25519' };

export const generateAgreementKeys = (): Promise<OwnKeyPair> => generate(AGREEMENT, ['deriveBits']);
export const generateSigningKeys = (): Promise<OwnKeyPair> => generate(SIGNING, ['sign', 'verify']);

/** The private key as PKCS #8 (RFC 8410). Throws for a key that is not extractable. */
export const exportPkcs8 = async (privateKey: CryptoKey): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));

/** A stored X25519 private key, ready for `deriveBits` and never extractable again. */
export const importAgreementPrivate = (pkcs8: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', pkcs8, AGREEMENT, false, ['deriveBits']);

/** A stored Ed25519 private key, ready for `sign` and never extractable again. */
export const importSigningPrivate = (pkcs8: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', pkcs8, SIGNING, false, ['sign']);

/**
 * Someone's X25519 public key, for `deriveBits`. Any 32 bytes are taken (RFC 7748 section 5): a point of
 * low order shows only as a failing or all-zero `deriveBits`.
 */
export const importX25519Public = (publicBytes: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', publicBytes, AGREEMENT, true, []);

/** Someone's Ed25519 public key, for `verify`. */
export const importEd25519Public = (publicBytes: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', publicBytes, SIGNING, true, ['verify']);

async function generate(
  algorithm: { readonly name: string },
  usages: ('deriveBits' | 'sign' | 'verify')[],
): Promise<OwnKeyPair> {
  const pair = await crypto.subtle.generateKey(algorithm, true, usages);
  if (!('privateKey' in pair)) throw new TypeError(`${algorithm.name} gave no key pair`);
  const publicBytes = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { publicBytes, privateKey: pair.privateKey };
}

import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Bytes } from '../lib/bytes.ts';

// The only importer of @noble/ciphers: Web Crypto has no XChaCha20-Poly1305.

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03). @returns ciphertext followed by the tag of 16 bytes */
export function xc20pSeal(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes): Bytes {
  return Uint8Array.from(xchacha20poly1305(key, nonce, aad).encrypt(plaintext));
}

/** @returns undefined when the tag does not fit */
export function xc20pOpen(key: Bytes, nonce: Bytes, aad: Bytes, sealed: Bytes): Bytes | undefined {
  const cipher = xchacha20poly1305(key, nonce, aad);
  try {
    return Uint8Array.from(cipher.decrypt(sealed));
  } catch {
    return undefined; // lengths are right here, so only the tag can be wrong
  }
}

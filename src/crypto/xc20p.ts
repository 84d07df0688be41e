import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes, type Bytes } from '../lib/bytes.ts';
import { splitTag, type ContentCipher } from './content-cipher.ts';

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), which Web Crypto has not. */
export const xc20p: Pick<ContentCipher, 'seal' | 'open'> = {
  seal: async (key, iv, aad, plaintext) =>
    splitTag(Uint8Array.from(xchacha20poly1305(key, iv, aad).encrypt(plaintext))),
  open: async (key, iv, aad, { ciphertext, tag }) =>
    unlessForged(() => xchacha20poly1305(key, iv, aad).decrypt(concatBytes(ciphertext, tag))),
};

/** @noble/ciphers throws this plain Error when the tag does not fit; anything else is a bug. */
function unlessForged(open: () => Uint8Array): Bytes | undefined {
  try {
    return Uint8Array.from(open());
  } catch (error) {
    if (error instanceof Error && error.message === 'invalid tag') return undefined;
    throw error;
  }
}

import { concatBytes, type Bytes } from '../lib/bytes.ts';
import { aesCbcHmac } from './aes-cbc-hmac.ts';
import type { ContentCipher, Sealed } from './content-cipher.ts';
import { orUndefined } from './refusal.ts';

const importAes = (keyBytes: Bytes, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', keyBytes, { name: 'AES-GCM' }, false, [usage]);

const splitTag = (sealed: Bytes): Sealed => ({
  ciphertext: sealed.subarray(0, -16),
  tag: sealed.subarray(-16),
});

/** The content encryptions of messaging spec, "Curves and Content Encryption Algorithms". */
export const contentCiphers = {
  'A256CBC-HS512': aesCbcHmac,
  A256GCM: {
    keyLength: 32,
    ivLength: 12,
    tagLength: 16,
    seal: async (key, iv, aad, plaintext) => {
      const gcmKey = await importAes(key, 'encrypt');
      const algorithm = { name: 'AES-GCM', iv, additionalData: aad };
      return splitTag(new Uint8Array(await crypto.subtle.encrypt(algorithm, gcmKey, plaintext)));
    },
    open: async (key, iv, aad, { ciphertext, tag }) => {
      const gcmKey = await importAes(key, 'decrypt');
      const algorithm = { name: 'AES-GCM', iv, additionalData: aad };
      const sealed = concatBytes(ciphertext, tag);
      const opened = await orUndefined(crypto.subtle.decrypt(algorithm, gcmKey, sealed));
      return opened && new Uint8Array(opened);
    },
  },
  XC20P: {
    keyLength: 32,
    ivLength: 24,
    tagLength: 16,
    // Web Crypto has no XChaCha20-Poly1305, and Parley needs it only to read what others send: the library
    // is loaded with the first such envelope.
    seal: async (key, iv, aad, plaintext) => {
      const { xchacha20poly1305 } = await import('@noble/ciphers/chacha.js');
      return splitTag(xchacha20poly1305(key, iv, aad).encrypt(plaintext));
    },
    open: async (key, iv, aad, { ciphertext, tag }) => {
      const { xchacha20poly1305 } = await import('@noble/ciphers/chacha.js');
      const sealed = concatBytes(ciphertext, tag);
      return unlessForged(() => xchacha20poly1305(key, iv, aad).decrypt(sealed));
    },
  },
} as const satisfies Readonly<Record<string, ContentCipher>>;

/** @noble/ciphers throws this plain Error when the tag does not fit; anything else is a bug. */
function unlessForged(open: () => Bytes): Bytes | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof Error && error.message === 'invalid tag') return undefined;
    throw error;
  }
}

export type ContentCipherName = keyof typeof contentCiphers;

export const isContentCipherName = (name: unknown): name is ContentCipherName =>
  typeof name === 'string' && Object.hasOwn(contentCiphers, name);

import { concatBytes, type Bytes } from '../lib/bytes.ts';
import { aesCbcHmac } from './aes-cbc-hmac.ts';
import type { ContentCipher, Sealed } from './content-cipher.ts';
import { orUndefined } from './refusal.ts';
import { xc20pOpen, xc20pSeal } from './xc20p.ts';

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
    seal: async (key, iv, aad, plaintext) => splitTag(xc20pSeal(key, iv, aad, plaintext)),
    open: async (key, iv, aad, { ciphertext, tag }) =>
      xc20pOpen(key, iv, aad, concatBytes(ciphertext, tag)),
  },
} as const satisfies Readonly<Record<string, ContentCipher>>;

export type ContentCipherName = keyof typeof contentCiphers;

export const isContentCipherName = (name: unknown): name is ContentCipherName =>
  typeof name === 'string' && Object.hasOwn(contentCiphers, name);

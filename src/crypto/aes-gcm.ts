import { concatBytes, type Bytes } from '../lib/bytes.ts';
import { splitTag, type ContentCipher } from './content-cipher.ts';
import { orUndefined } from './refusal.ts';

/** A256GCM (RFC 7518 section 5.3). */
export const aesGcm: Pick<ContentCipher, 'seal' | 'open'> = {
  seal: async (key, iv, aad, plaintext) => {
    const algorithm = { name: 'AES-GCM', iv, additionalData: aad };
    const gcmKey = await importKey(key, 'encrypt');
    return splitTag(new Uint8Array(await crypto.subtle.encrypt(algorithm, gcmKey, plaintext)));
  },
  open: async (key, iv, aad, { ciphertext, tag }) => {
    const algorithm = { name: 'AES-GCM', iv, additionalData: aad };
    const sealed = concatBytes(ciphertext, tag);
    const gcmKey = await importKey(key, 'decrypt');
    const opened = await orUndefined(crypto.subtle.decrypt(algorithm, gcmKey, sealed));
    return opened && new Uint8Array(opened);
  },
};

const importKey = (keyBytes: Bytes, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', keyBytes, { name: 'AES-GCM' }, false, [usage]);

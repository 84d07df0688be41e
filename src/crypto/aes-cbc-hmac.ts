import { concatBytes, equalBytes, uint32, type Bytes } from '../lib/bytes.ts';
import type { ContentCipher } from './content-cipher.ts';
import { orUndefined } from './refusal.ts';

/** A256CBC-HS512 (RFC 7518 section 5.2.5): the one content encryption that every DIDComm peer knows. */
export const aesCbcHmac = {
  keyLength: 64,
  ivLength: 16,
  tagLength: 32,
  seal: async (key, iv, aad, plaintext) => {
    const algorithm = { name: 'AES-CBC', iv };
    const cbcKey = await importCbcKey(key, 'encrypt');
    const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, cbcKey, plaintext));
    return { ciphertext, tag: await tagOf(key, iv, aad, ciphertext) };
  },
  open: async (key, iv, aad, { ciphertext, tag }) => {
    // Both at once, as each call is a trip to another thread; nothing is given out, and no reason told, that
    // the tag does not vouch for.
    const [expected, opened] = await Promise.all([
      tagOf(key, iv, aad, ciphertext),
      orUndefined(decrypt(key, iv, ciphertext)),
    ]);
    return equalBytes(tag, expected) ? opened : undefined;
  },
} as const satisfies ContentCipher;

const decrypt = async (key: Bytes, iv: Bytes, ciphertext: Bytes): Promise<Bytes> => {
  const cbcKey = await importCbcKey(key, 'decrypt');
  const algorithm = { name: 'AES-CBC', iv };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, cbcKey, ciphertext));
};

/** The second half of the key encrypts, the first authenticates. */
const importCbcKey = (key: Bytes, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', key.subarray(32), { name: 'AES-CBC' }, false, [usage]);

/** RFC 7518 section 5.2.2.1: HMAC over AAD, IV, ciphertext and the bit length of AAD, cut to 32 bytes. */
async function tagOf(key: Bytes, iv: Bytes, aad: Bytes, ciphertext: Bytes): Promise<Bytes> {
  const algorithm = { name: 'HMAC', hash: 'SHA-512' };
  const macKey = await crypto.subtle.importKey('raw', key.subarray(0, 32), algorithm, false, [
    'sign',
  ]);
  const signed = concatBytes(aad, iv, ciphertext, uint32(0), uint32(aad.length * 8));
  const mac = await crypto.subtle.sign('HMAC', macKey, signed);
  return new Uint8Array(mac, 0, 32);
}

import { concatBytes, equalBytes, type Bytes } from '../lib/bytes.ts';
import { orUndefined } from './refusal.ts';
import { xc20pOpen, xc20pSeal } from './xc20p.ts';

export interface Sealed {
  readonly ciphertext: Bytes;
  readonly tag: Bytes;
}

/** One authenticated cipher of JWE. Keys and nonces must have exactly the lengths stated. */
interface ContentCipher {
  readonly keyLength: number;
  readonly ivLength: number;
  readonly tagLength: number;
  seal(key: Bytes, iv: Bytes, aad: Bytes, plaintext: Bytes): Promise<Sealed>;
  /** @returns undefined when the tag does not fit */
  open(key: Bytes, iv: Bytes, aad: Bytes, sealed: Sealed): Promise<Bytes | undefined>;
}

/** The content encryptions of messaging spec, "Curves and Content Encryption Algorithms". */
export const contentCiphers = {
  'A256CBC-HS512': {
    keyLength: 64,
    ivLength: 16,
    tagLength: 32,
    seal: async (key, iv, aad, plaintext) => {
      const cbcKey = await importAes('AES-CBC', key.subarray(32), 'encrypt');
      const algorithm = { name: 'AES-CBC', iv };
      const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, cbcKey, plaintext));
      return { ciphertext, tag: await cbcTag(key, iv, aad, ciphertext) };
    },
    open: async (key, iv, aad, { ciphertext, tag }) => {
      if (!equalBytes(tag, await cbcTag(key, iv, aad, ciphertext))) return undefined;
      const cbcKey = await importAes('AES-CBC', key.subarray(32), 'decrypt');
      return asBytes(
        orUndefined(crypto.subtle.decrypt({ name: 'AES-CBC', iv }, cbcKey, ciphertext)),
      );
    },
  },
  A256GCM: {
    keyLength: 32,
    ivLength: 12,
    tagLength: 16,
    seal: async (key, iv, aad, plaintext) => {
      const gcmKey = await importAes('AES-GCM', key, 'encrypt');
      const algorithm = { name: 'AES-GCM', iv, additionalData: aad };
      return splitTag(new Uint8Array(await crypto.subtle.encrypt(algorithm, gcmKey, plaintext)));
    },
    open: async (key, iv, aad, { ciphertext, tag }) => {
      const gcmKey = await importAes('AES-GCM', key, 'decrypt');
      const algorithm = { name: 'AES-GCM', iv, additionalData: aad };
      const sealed = concatBytes(ciphertext, tag);
      return asBytes(orUndefined(crypto.subtle.decrypt(algorithm, gcmKey, sealed)));
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

const importAes = (
  name: string,
  keyBytes: Bytes,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> => crypto.subtle.importKey('raw', keyBytes, { name }, false, [usage]);

/** RFC 7518 section 5.2.2.1: HMAC over AAD, IV, ciphertext and the bit length of AAD, cut to 32 bytes. */
async function cbcTag(key: Bytes, iv: Bytes, aad: Bytes, ciphertext: Bytes): Promise<Bytes> {
  const algorithm = { name: 'HMAC', hash: 'SHA-512' };
  const macKey = await crypto.subtle.importKey('raw', key.subarray(0, 32), algorithm, false, [
    'sign',
  ]);
  const aadBits = new Uint8Array(8);
  new DataView(aadBits.buffer).setBigUint64(0, BigInt(aad.length) * 8n);
  const mac = await crypto.subtle.sign('HMAC', macKey, concatBytes(aad, iv, ciphertext, aadBits));
  return new Uint8Array(mac, 0, 32);
}

const splitTag = (sealed: Bytes): Sealed => ({
  ciphertext: sealed.subarray(0, -16),
  tag: sealed.subarray(-16),
});

const asBytes = async (buffer: Promise<ArrayBuffer | undefined>): Promise<Bytes | undefined> => {
  const opened = await buffer;
  return opened && new Uint8Array(opened);
};

import { Buffer } from 'node:buffer';
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  diffieHellman,
  hash,
  KeyObject,
} from 'node:crypto';
import { failure, NodeKey, privateX25519, publicX25519, secretKey } from './node-key.ts';

// Web Crypto's calls that envelopes are made of, on node:crypto. Node's own Web Crypto sends each of them through
// its pool of threads, which takes several times as long as the work itself; here they are done where they are
// asked for. Every rule about envelopes stands above this: there is no second copy of any.

type Subtle = typeof crypto.subtle;
type Call<K extends keyof Subtle> = Parameters<Subtle[K]>;
type Bytes = Uint8Array<ArrayBuffer>;

const CIPHERS = new Set(['AES-CBC', 'AES-GCM', 'AES-KW']);
const TAG_BYTES = 16;
const NONE = new Uint8Array();
/** RFC 3394 section 2.2.3.1. */
const WRAP_IV = Buffer.alloc(8, 0xa6);

/**
 * Replaces, for this thread, Web Crypto's calls for SHA-256, HMAC, AES and agreement on X25519; all other
 * algorithms go to Node as before. Keys that Node made agree here too.
 * @returns what takes it back
 */
export function useNodeCrypto(subtle: Subtle = crypto.subtle): () => void {
  const native = {
    digest: subtle.digest.bind(subtle),
    importKey: subtle.importKey.bind(subtle) as (...call: Call<'importKey'>) => Promise<CryptoKey>,
    exportKey: subtle.exportKey.bind(subtle),
    deriveBits: subtle.deriveBits.bind(subtle),
    encrypt: subtle.encrypt.bind(subtle),
    decrypt: subtle.decrypt.bind(subtle),
    sign: subtle.sign.bind(subtle),
    wrapKey: subtle.wrapKey.bind(subtle),
    unwrapKey: subtle.unwrapKey.bind(subtle),
  };
  const ours: Record<keyof typeof native, unknown> = {
    digest: async (...call: Call<'digest'>) =>
      nameOf(call[0]) === 'SHA-256'
        ? own(hash('sha256', bytesIn(call[1]), 'buffer'))
        : native.digest(...call),
    importKey: async (...call: Call<'importKey'>) => {
      const [format, data, algorithm, extractable] = call;
      const name = nameOf(algorithm);
      const isX25519 = name === 'X25519';
      if (format === 'raw' && isOurs(name, bytesIn(data).length))
        return secretKey(algorithmOf(algorithm), bytesIn(data).slice(), extractable);
      if (format === 'raw' && isX25519) return publicX25519(bytesIn(data));
      if (format === 'pkcs8' && isX25519 && !extractable) return privateX25519(bytesIn(data));
      return native.importKey(...call);
    },
    exportKey: async (...call: Call<'exportKey'>) => {
      const key: unknown = call[1];
      if (!(key instanceof NodeKey)) return native.exportKey(...call);
      if (!key.extractable) throw failure('InvalidAccessError');
      return own(key.bytes);
    },
    deriveBits: async (...call: Call<'deriveBits'>) => {
      const [algorithm, privateKey, length] = call;
      if (nameOf(algorithm) !== 'X25519' || length !== 256) return native.deriveBits(...call);
      const theirs = (algorithm as { readonly public: CryptoKey }).public;
      return orFail(() =>
        // Node 24.21 takes PEM as well; its types know keys only.
        diffieHellman({ privateKey: forAgreement(privateKey), publicKey: forAgreement(theirs) }),
      );
    },
    encrypt: async (...call: Call<'encrypt'>) => {
      const key: unknown = call[1];
      return key instanceof NodeKey
        ? encrypt(cipherIn(call[0]), key, bytesIn(call[2]))
        : native.encrypt(...call);
    },
    decrypt: async (...call: Call<'decrypt'>) => {
      const key: unknown = call[1];
      return key instanceof NodeKey
        ? decrypt(cipherIn(call[0]), key, bytesIn(call[2]))
        : native.decrypt(...call);
    },
    sign: async (...call: Call<'sign'>) => {
      const key: unknown = call[1];
      if (!(key instanceof NodeKey)) return native.sign(...call);
      const hashName = nameOf(key.algorithm.hash).replace('-', '').toLowerCase();
      return own(createHmac(hashName, key.secret).update(bytesIn(call[2])).digest());
    },
    wrapKey: async (...call: Call<'wrapKey'>) => {
      const [, key, by]: readonly unknown[] = call;
      if (!(key instanceof NodeKey && by instanceof NodeKey)) return native.wrapKey(...call);
      const cipher = createCipheriv('id-aes256-wrap', by.secret, WRAP_IV);
      return own(Buffer.concat([cipher.update(key.bytes), cipher.final()]));
    },
    unwrapKey: async (...call: Call<'unwrapKey'>) => {
      const [, wrapped, by, , algorithm, extractable] = call;
      const wrapping: unknown = by;
      if (!(wrapping instanceof NodeKey)) return native.unwrapKey(...call);
      const unwrapped = orFail(() => {
        const cipher = createDecipheriv('id-aes256-wrap', wrapping.secret, WRAP_IV);
        return Buffer.concat([cipher.update(bytesIn(wrapped)), cipher.final()]);
      });
      return secretKey(algorithmOf(algorithm), new Uint8Array(unwrapped), extractable);
    },
  };
  set(subtle, ours);
  return () => set(subtle, native);
}

function set(subtle: Subtle, calls: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(calls))
    Object.defineProperty(subtle, name, { value, configurable: true, writable: true });
}

/** AES of envelopes has 256 bits. */
const isOurs = (name: string, length: number): boolean =>
  name === 'HMAC' || (CIPHERS.has(name) && length === 32);

interface CipherParams {
  readonly name: string;
  readonly iv: Bytes;
  readonly additionalData?: Bytes;
}
const cipherIn = (algorithm: unknown): CipherParams => algorithm as CipherParams;

function encrypt({ name, iv, additionalData }: CipherParams, key: NodeKey, plaintext: Bytes) {
  if (name === 'AES-CBC') {
    const cipher = createCipheriv('aes-256-cbc', key.secret, iv);
    return own(Buffer.concat([cipher.update(plaintext), cipher.final()]));
  }
  const cipher = createCipheriv('aes-256-gcm', key.secret, iv).setAAD(additionalData ?? NONE);
  return own(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
}

const decrypt = ({ name, iv, additionalData }: CipherParams, key: NodeKey, sealed: Bytes) =>
  orFail(() => {
    if (name === 'AES-CBC') {
      const cipher = createDecipheriv('aes-256-cbc', key.secret, iv);
      return Buffer.concat([cipher.update(sealed), cipher.final()]);
    }
    const cipher = createDecipheriv('aes-256-gcm', key.secret, iv, { authTagLength: TAG_BYTES })
      .setAAD(additionalData ?? NONE)
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([cipher.update(sealed.subarray(0, -TAG_BYTES)), cipher.final()]);
  });

const keyObjects = new WeakMap<CryptoKey, KeyObject>();

/** A key that Node's Web Crypto made is read once: it will be used again. */
function forAgreement(key: CryptoKey): KeyObject {
  if (key instanceof NodeKey) return key.agreement as KeyObject;
  const made = keyObjects.get(key) ?? KeyObject.from(key);
  keyObjects.set(key, made);
  return made;
}

/** What OpenSSL throws for data that does not fit is what Web Crypto calls OperationError. */
function orFail(compute: () => Buffer): ArrayBuffer {
  try {
    return own(compute());
  } catch (error) {
    throw failure('OperationError', error);
  }
}

const algorithmOf = (algorithm: unknown): NodeKey['algorithm'] =>
  typeof algorithm === 'string' ? { name: algorithm } : (algorithm as NodeKey['algorithm']);

const nameOf = (algorithm: unknown): string => algorithmOf(algorithm).name;

/** Exactly these bytes: a Buffer may lie in memory that it shares. */
const own = (bytes: Uint8Array): ArrayBuffer =>
  bytes.length === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
    ? bytes.buffer
    : new Uint8Array(bytes).buffer;

const bytesIn = (data: unknown): Bytes =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data as ArrayBuffer);

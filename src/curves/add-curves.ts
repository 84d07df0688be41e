import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { concatBytes, equalBytes, type Bytes } from '../lib/bytes.ts';

type Call<K extends keyof SubtleCrypto> = Parameters<SubtleCrypto[K]>;
type Curve = 'X25519' | 'Ed25519';
type Format = Call<'importKey'>[0];
type Usages = Call<'importKey'>[4];
interface ScriptKey extends CryptoKey {
  readonly algorithm: { readonly name: Curve };
}

/**
 * The bytes of keys that this browser cannot keep. They lie in the memory of the script: that such a key is
 * not extractable is a promise of this file alone.
 */
const held = new WeakMap<CryptoKey, Bytes>();

/**
 * Teaches a Web Crypto without X25519 and Ed25519 these two, as far as Parley uses them (formats `raw` and
 * `pkcs8`), by @noble/curves. Rows wrapped by one kind of browser open in the other. Every other algorithm
 * and key goes to the browser as before.
 */
export function addCurves(subtle: SubtleCrypto): void {
  const native = {
    generateKey: subtle.generateKey.bind(subtle),
    importKey: subtle.importKey.bind(subtle),
    exportKey: subtle.exportKey.bind(subtle),
    deriveBits: subtle.deriveBits.bind(subtle),
    sign: subtle.sign.bind(subtle),
    verify: subtle.verify.bind(subtle),
    wrapKey: subtle.wrapKey.bind(subtle),
    unwrapKey: subtle.unwrapKey.bind(subtle),
  };
  const added: Pick<SubtleCrypto, keyof typeof native> = {
    generateKey: async (...call: Call<'generateKey'>) => {
      const curve = curveOf(call[0]);
      return curve ? generate(curve, call[1], call[2]) : native.generateKey(...call);
    },
    importKey: async (...call: Call<'importKey'>) => {
      const [format, data, algorithm, extractable, usages] = call;
      const curve = curveOf(algorithm);
      if (!curve) return native.importKey(...call);
      return importAs(format, bytesIn(data), curve, extractable, usages);
    },
    exportKey: async (...call: Call<'exportKey'>) =>
      isHeld(call[1]) ? exportAs(call[0], call[1]) : native.exportKey(...call),
    deriveBits: async (...call: Call<'deriveBits'>) =>
      isHeld(call[1]) ? agree(call[1], call[0]['public']) : native.deriveBits(...call),
    sign: async (...call: Call<'sign'>) =>
      isHeld(call[1]) ? sign(call[1], bytesIn(call[2])) : native.sign(...call),
    verify: async (...call: Call<'verify'>) =>
      isHeld(call[1])
        ? verify(call[1], bytesIn(call[2]), bytesIn(call[3]))
        : native.verify(...call),
    // A native key that is nothing but bytes carries ours through the browser's wrapping.
    wrapKey: async (...call: Call<'wrapKey'>) => {
      const [format, key, wrappingKey, by] = call;
      if (!isHeld(key)) return native.wrapKey(...call);
      const bytes = exportAs(format, key);
      const carrier = await native.importKey('raw', bytes, CARRIER, true, ['sign']);
      return native.wrapKey('raw', carrier, wrappingKey, by);
    },
    unwrapKey: async (...call: Call<'unwrapKey'>) => {
      const [format, data, key, by, algorithm, extractable, usages] = call;
      const curve = curveOf(algorithm);
      if (!curve) return native.unwrapKey(...call);
      const carrier = await native.unwrapKey('raw', data, key, by, CARRIER, true, ['sign']);
      const bytes = new Uint8Array(await native.exportKey('raw', carrier));
      return importAs(format, bytes, curve, extractable, usages);
    },
  };
  for (const [name, value] of Object.entries(added)) Object.defineProperty(subtle, name, { value });
}

const CARRIER = { name: 'HMAC', hash: 'SHA-256' };

const isHeld = (key: CryptoKey): key is ScriptKey => held.has(key);

function curveOf(algorithm: { readonly name: string } | string): Curve | undefined {
  const name = (typeof algorithm === 'string' ? algorithm : algorithm.name).toLowerCase();
  if (name === 'x25519') return 'X25519';
  return name === 'ed25519' ? 'Ed25519' : undefined;
}

function hold(
  type: 'private' | 'public',
  name: Curve,
  bytes: Bytes,
  extractable: boolean,
  usages: Usages,
): ScriptKey {
  const key = { type, extractable, algorithm: { name }, usages };
  held.set(key, bytes);
  return key;
}

function generate(name: Curve, extractable: boolean, usages: Usages): CryptoKeyPair {
  const { secretKey, publicKey } = name === 'X25519' ? x25519.keygen() : ed25519.keygen();
  const mine = usages.filter((usage) => usage !== 'verify');
  const theirs = usages.filter((usage) => usage === 'verify');
  return {
    privateKey: hold('private', name, Uint8Array.from(secretKey), extractable, mine),
    publicKey: hold('public', name, Uint8Array.from(publicKey), true, theirs),
  };
}

/** PrivateKeyInfo up to the 32 bytes of the key (RFC 8410 section 7). */
const pkcs8Prefix = (name: Curve): Bytes =>
  Uint8Array.from(
    [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, name === 'X25519' ? 0x6e : 0x70].concat([
      4, 0x22, 4, 0x20,
    ]),
  );

function importAs(
  format: Format,
  bytes: Bytes,
  name: Curve,
  extractable: boolean,
  usages: Usages,
): ScriptKey {
  const prefix = format === 'pkcs8' ? pkcs8Prefix(name) : new Uint8Array();
  const body = bytes.slice(prefix.length);
  if (body.length !== 32 || !equalBytes(bytes.subarray(0, prefix.length), prefix))
    throw failure('DataError');
  return hold(format === 'pkcs8' ? 'private' : 'public', name, body, extractable, usages);
}

function exportAs(format: Format, key: ScriptKey): ArrayBuffer {
  const wanted = format === 'pkcs8' ? 'private' : 'public';
  if (!key.extractable || key.type !== wanted) throw failure('InvalidAccessError');
  const prefix = format === 'pkcs8' ? pkcs8Prefix(key.algorithm.name) : new Uint8Array();
  return concatBytes(prefix, bytesOf(key)).buffer;
}

/** As the browsers do, refuses a public key of small order (RFC 7748 section 6.1). */
function agree(key: ScriptKey, theirs: unknown): ArrayBuffer {
  const publicKey = bytesOf(theirs as CryptoKey);
  return orFail(() => x25519.getSharedSecret(bytesOf(key), publicKey));
}

const sign = (key: ScriptKey, data: Bytes): ArrayBuffer =>
  orFail(() => ed25519.sign(data, bytesOf(key)));

/** By RFC 8032, like the browsers, and not by the looser ZIP 215. */
function verify(key: ScriptKey, signature: Bytes, data: Bytes): boolean {
  return (
    signature.length === 64 && ed25519.verify(signature, data, bytesOf(key), { zip215: false })
  );
}

function bytesOf(key: CryptoKey): Bytes {
  const bytes = held.get(key);
  if (!bytes) throw failure('InvalidAccessError');
  return bytes;
}

/** What the libraries throw for input that is no key of the curve is what a browser calls OperationError. */
function orFail(compute: () => Uint8Array): ArrayBuffer {
  try {
    return Uint8Array.from(compute()).buffer;
  } catch (error) {
    throw failure('OperationError', error);
  }
}

const failure = (name: string, cause?: unknown): Error =>
  Object.assign(new Error(name, { cause }), { name });

const bytesIn = (data: BufferSource): Bytes =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);

import { Buffer } from 'node:buffer';
import { createPrivateKey, createSecretKey, KeyObject } from 'node:crypto';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * A key that node:crypto works with, in the place of a CryptoKey. Nothing but keys and texts is ever given to
 * node:crypto: asked whether other objects are keys, Node 24.21 throws and catches an error each time, which takes
 * longer than the work.
 */
export class NodeKey implements CryptoKey {
  readonly algorithm: { readonly name: string; readonly hash?: unknown };
  readonly type: CryptoKey['type'];
  readonly extractable: boolean;
  readonly usages: CryptoKey['usages'] = [];
  readonly #held: KeyObject | Bytes | string;
  #secret: KeyObject | undefined;

  constructor(
    algorithm: NodeKey['algorithm'],
    type: CryptoKey['type'],
    held: KeyObject | Bytes | string,
    extractable = false,
  ) {
    this.algorithm = algorithm;
    this.type = type;
    this.extractable = extractable;
    this.#held = held;
  }

  /** Of a symmetric key. */
  get bytes(): Bytes {
    if (typeof this.#held === 'string' || this.#held instanceof KeyObject)
      throw failure('InvalidAccessError');
    return this.#held;
  }

  get secret(): KeyObject {
    this.#secret ??= createSecretKey(this.bytes);
    return this.#secret;
  }

  /** For an agreement: a private key, or a public one as PEM. */
  get agreement(): KeyObject | string {
    if (this.#held instanceof Uint8Array) throw failure('InvalidAccessError');
    return this.#held;
  }
}

export const secretKey = (
  algorithm: NodeKey['algorithm'],
  bytes: Bytes,
  extractable: boolean,
): NodeKey => new NodeKey(algorithm, 'secret', bytes, extractable);

const X25519 = { name: 'X25519' };

/** The mediator's own: read once, never to leave. */
export const privateX25519 = (pkcs8: Bytes): NodeKey =>
  new NodeKey(
    X25519,
    'private',
    createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }),
  );

/** SubjectPublicKeyInfo of X25519 up to the key (RFC 8410 section 4): 12 bytes, so whole letters of base64. */
const PEM_START = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEA';
const PEM_END = '\n-----END PUBLIC KEY-----\n';

/** As text: read by OpenSSL in the same call that agrees. */
export function publicX25519(bytes: Bytes): NodeKey {
  if (bytes.length !== 32) throw failure('DataError');
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  return new NodeKey(X25519, 'public', `${PEM_START}${base64}${PEM_END}`);
}

/** As Web Crypto reports it. */
export const failure = (name: string, cause?: unknown): Error =>
  Object.assign(new Error(name, { cause }), { name });

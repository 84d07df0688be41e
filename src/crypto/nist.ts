import { fromBase64Url, toBase64Url } from '../lib/base64url.ts';
import { concatBytes, equalBytes, type Bytes } from '../lib/bytes.ts';
import type { AgreementCurve } from './agreement-curve.ts';
import { decodePublicJwk } from './jwk.ts';
import { orUndefined } from './refusal.ts';

// The curves of NIST on Web Crypto. They are loaded when somebody uses one: few peers do.

type NistCurve = 'P-256' | 'P-384' | 'P-521';

interface Field {
  readonly prime: bigint;
  /** The constant of y² = x³ - 3x + b. */
  readonly b: bigint;
  /** Bytes of a coordinate. */
  readonly size: number;
}

/** SP 800-186, section 3.2.1. Each prime is 3 modulo 4, so that one power is the square root. */
const FIELDS: Readonly<Record<NistCurve, Field>> = {
  'P-256': {
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    size: 32,
  },
  'P-384': {
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    size: 48,
  },
  'P-521': {
    prime: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    size: 66,
  },
};

/**
 * Key agreement on one of the curves. Public keys are compressed points (SEC 1, section 2.3.3), as in
 * multicodec keys; `isSafe` is true for points of the curve (rule R13), none of which has a small order.
 */
export function nistCurve(name: NistCurve): AgreementCurve {
  const field = FIELDS[name];
  const algorithm = { name: 'ECDH', namedCurve: name };
  return {
    name,
    fromJwk: (jwk) => {
      const key = decodePublicJwk(jwk);
      if (key.kind === 'malformed' || key.curve !== name) return undefined;
      // The compressed form says of y only whether it is odd.
      const y = typeof jwk['y'] === 'string' ? fromBase64Url(jwk['y']) : undefined;
      const point = decompress(key.publicBytes, field);
      return y && point && equalBytes(y, point.subarray(1 + field.size))
        ? key.publicBytes
        : undefined;
    },
    toJwk: (publicBytes) => {
      const [x, y] = coordinates(pointOf(publicBytes, field));
      return { kty: 'EC', crv: name, x: toBase64Url(x), y: toBase64Url(y) };
    },
    isSafe: (publicBytes) => decompress(publicBytes, field) !== undefined,
    ephemeral: async () => {
      const pair = await crypto.subtle.generateKey(algorithm, true, ['deriveBits']);
      if (!('privateKey' in pair)) throw new TypeError(`${name} gave no key pair`);
      const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
      const [x, y] = coordinates(point);
      const publicBytes = concatBytes(new Uint8Array([2 + ((y.at(-1) ?? 0) & 1)]), x);
      return { publicBytes, privateKey: pair.privateKey };
    },
    importPublic: async (publicBytes) =>
      crypto.subtle.importKey('raw', pointOf(publicBytes, field), algorithm, true, []),
    agree: async (privateKey, publicKey) => {
      const agreement = { name: 'ECDH', public: publicKey };
      return new Uint8Array(await crypto.subtle.deriveBits(agreement, privateKey, field.size * 8));
    },
  };
}

/** ES256 (RFC 7518 section 3.4). @param publicBytes a compressed point; one off the curve verifies nothing */
export async function verifyEs256(
  publicBytes: Bytes,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  const point = decompress(publicBytes, FIELDS['P-256']);
  if (!point) return false;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await orUndefined(crypto.subtle.importKey('raw', point, algorithm, true, ['verify']));
  return key !== undefined && crypto.subtle.verify(algorithm, key, signature, data);
}

/** The uncompressed point, `04 x y`; undefined when no point of the curve has this x. */
function decompress(compressed: Bytes, { prime, b, size }: Field): Bytes | undefined {
  const [sign] = compressed;
  if (compressed.length !== 1 + size || (sign !== 2 && sign !== 3)) return undefined;
  const xBytes = compressed.subarray(1);
  const x = BigInt(
    `0x${Array.from(xBytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`,
  );
  if (x >= prime) return undefined;
  const square = ((((x * x - 3n) * x + b) % prime) + prime) % prime;
  const root = power(square, (prime + 1n) / 4n, prime);
  if ((root * root) % prime !== square) return undefined;
  const y = (root & 1n) === BigInt(sign & 1) ? root : prime - root;
  const yBytes = Uint8Array.from({ length: size }, (_, i) =>
    Number((y >> BigInt(8 * (size - 1 - i))) & 255n),
  );
  return concatBytes(new Uint8Array([4]), xBytes, yBytes);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

/** For points that were checked. */
function pointOf(publicBytes: Bytes, field: Field): Bytes {
  const point = decompress(publicBytes, field);
  if (!point) throw new RangeError('not a point of the curve');
  return point;
}

const coordinates = (point: Bytes): readonly [x: Bytes, y: Bytes] => {
  const middle = (point.length + 1) / 2;
  return [point.subarray(1, middle), point.subarray(middle)];
};

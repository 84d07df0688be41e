import { concatBytes, type Bytes } from '../lib/bytes.ts';
import { fromMultibase, toMultibase } from './multibase.ts';

export type KeyCurve = 'X25519' | 'Ed25519' | 'P-256' | 'P-384' | 'P-521' | 'secp256k1';

export type KeyDecoding =
  | { readonly kind: 'ok'; readonly curve: KeyCurve; readonly publicBytes: Bytes }
  | { readonly kind: 'malformed' };

interface KeyCodec {
  /** The multicodec's varint; all of these take two bytes. */
  readonly prefix: readonly [number, number];
  /** Bytes of the public key; the curves of NIST and secp256k1 are compressed points. */
  readonly length: number;
}

/** Multicodec table, "key" rows, with the one length that each codec may have. */
const CODECS: Readonly<Record<KeyCurve, KeyCodec>> = {
  X25519: { prefix: [0xec, 0x01], length: 32 },
  Ed25519: { prefix: [0xed, 0x01], length: 32 },
  secp256k1: { prefix: [0xe7, 0x01], length: 33 },
  'P-256': { prefix: [0x80, 0x24], length: 33 },
  'P-384': { prefix: [0x81, 0x24], length: 49 },
  'P-521': { prefix: [0x82, 0x24], length: 67 },
};
const CURVES = new Map(
  (Object.keys(CODECS) as KeyCurve[]).map((curve) => [word(...CODECS[curve].prefix), curve]),
);

/** `z` and the 95 digits of a P-521 key, the longest one. More are not worth decoding, which is quadratic. */
const MAX_MULTIBASE_LENGTH = 96;

/** Whether keys of the curve can agree on a secret (`keyAgreement`). Ed25519 only signs. */
export const canAgree = (curve: KeyCurve): boolean => curve !== 'Ed25519';
/** Whether keys of the curve can sign (`authentication`). X25519 only agrees. */
export const canSign = (curve: KeyCurve): boolean => curve !== 'X25519';

/** Checks codec and length together (rule R38), and that a compressed point starts as one. */
export function publicKeyOf(curve: KeyCurve, publicBytes: Bytes): KeyDecoding {
  const { length } = CODECS[curve];
  if (publicBytes.length !== length) return { kind: 'malformed' };
  if (length % 2 === 1 && publicBytes[0] !== 2 && publicBytes[0] !== 3)
    return { kind: 'malformed' };
  return { kind: 'ok', curve, publicBytes };
}

/** Reads a multibase multicodec key such as `z6LS…` (X25519) or `z6Mk…` (Ed25519). */
export function decodeKey(multibase: string): KeyDecoding {
  if (multibase.length > MAX_MULTIBASE_LENGTH) return { kind: 'malformed' };
  const bytes = fromMultibase(multibase);
  if (bytes === undefined) return { kind: 'malformed' };
  const curve = CURVES.get(word(bytes[0] ?? 0, bytes[1] ?? 0));
  return curve === undefined ? { kind: 'malformed' } : publicKeyOf(curve, bytes.slice(2));
}

/** The multibase form of a public key. Throws when the length is not that of its curve: a bug. */
export function encodeKey(curve: KeyCurve, publicBytes: Bytes): string {
  const key = publicKeyOf(curve, publicBytes);
  if (key.kind === 'malformed') throw new RangeError(`not a public key of ${curve}`);
  return toMultibase(concatBytes(new Uint8Array(CODECS[curve].prefix), key.publicBytes));
}

function word(first: number, second: number): number {
  return first * 256 + second;
}

import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../lib/base64url.ts';
import { concatBytes, type Bytes } from '../lib/bytes.ts';
import { decodePublicJwk } from './jwk.ts';
import { fromMultibase, toMultibase } from './multibase.ts';
import { decodeKey, encodeKey, type KeyCurve } from './multicodec.ts';

/** One key per curve: did:peer specification (25519 curves), did:key specification (the others). */
const KEYS: readonly (readonly [KeyCurve, number, string])[] = [
  ['X25519', 32, 'z6LSg8zQom395jKLrGiBNruB9MM6V8PWuf2FpEy4uRFiqQBR'],
  ['Ed25519', 32, 'z6Mkj3PUd1WjvaDhNZhhhXQdz5UnZXmS7ehtx8bsPpD47kKc'],
  ['secp256k1', 33, 'zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme'],
  ['P-256', 33, 'zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169'],
  ['P-384', 49, 'z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54'],
  [
    'P-521',
    67,
    'z2J9gaYxrKVpdoG9A4gRnmpnRCcxU6agDtFVVBVdn1JedouoZN7SzcyREXXzWgt3gGiwpoHq7K68X4m32D8HgzG8wv3sY5j7',
  ],
];

const raw = (multibase: string): Bytes => fromMultibase(multibase)!;

describe('multicodec keys', () => {
  it.each(KEYS)('reads and writes %s', (curve, length, multibase) => {
    const key = decodeKey(multibase);
    expect(key).toMatchObject({ kind: 'ok', curve });
    if (key.kind === 'malformed') return;
    expect(key.publicBytes).toHaveLength(length);
    expect(encodeKey(curve, key.publicBytes)).toBe(multibase);
  });

  it.each(KEYS)('refuses %s one byte short or long', (_curve, _length, multibase) => {
    const bytes = raw(multibase);
    expect(decodeKey(toMultibase(bytes.subarray(0, -1))).kind).toBe('malformed');
    expect(decodeKey(toMultibase(concatBytes(bytes, new Uint8Array(1)))).kind).toBe('malformed');
  });

  it.each(KEYS.filter(([, length]) => length !== 32))(
    'refuses a %s point that is not compressed',
    (_curve, _length, multibase) => {
      const bytes = raw(multibase);
      bytes[2] = 4;
      expect(decodeKey(toMultibase(bytes)).kind).toBe('malformed');
    },
  );

  it('refuses other bases, codecs and texts that are no key', () => {
    const bytes = raw(KEYS[0]![2]);
    const foreignCodec = concatBytes(new Uint8Array([0xee, 0x01]), bytes.subarray(2));
    const texts = [
      '',
      'z',
      'z1',
      KEYS[0]![2].slice(1),
      KEYS[0]![2].toUpperCase(),
      `f${'ec01'.padEnd(68, '0')}`,
      `${KEYS[0]![2]}0`,
      ` ${KEYS[0]![2]}`,
      'z'.padEnd(100_000, '2'),
      toMultibase(foreignCodec),
    ];
    for (const text of texts) expect(decodeKey(text).kind, text.slice(0, 60)).toBe('malformed');
  });

  it('throws rather than write a key of the wrong length', () => {
    expect(() => encodeKey('X25519', new Uint8Array(33))).toThrow(RangeError);
  });
});

describe('public JWKs', () => {
  /** RFC 8037 appendix A.2 and its multicodec form. */
  it('reads an Ed25519 key', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const key = decodePublicJwk({ kty: 'OKP', crv: 'Ed25519', x });
    expect(key).toMatchObject({ kind: 'ok', curve: 'Ed25519' });
    expect(key.kind === 'ok' && toBase64Url(key.publicBytes)).toBe(x);
  });

  /** RFC 7517 appendix A.1, first key. */
  const ec = {
    kty: 'EC',
    crv: 'P-256',
    x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
    y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
  };

  it('compresses an EC key so that it decompresses to the same point', () => {
    const key = decodePublicJwk(ec);
    if (key.kind === 'malformed') throw new Error('malformed');
    const point = p256.Point.fromBytes(key.publicBytes).toBytes(false);
    expect(toBase64Url(point.subarray(1, 33))).toBe(ec.x);
    expect(toBase64Url(point.subarray(33))).toBe(ec.y);
  });

  it('refuses private keys, mixed types and broken coordinates', () => {
    const bad = [
      { ...ec, d: 'AAAA' },
      { ...ec, kty: 'OKP' },
      { ...ec, crv: 'P-384' },
      { ...ec, crv: 'constructor' },
      { ...ec, y: ec.y.slice(4) },
      { ...ec, x: `${ec.x}=` },
      { ...ec, x: 7 },
      { kty: 'EC', crv: 'P-256', x: ec.x },
      { kty: 'OKP', crv: 'X25519' },
      {},
    ];
    for (const jwk of bad) expect(decodePublicJwk(jwk).kind, JSON.stringify(jwk)).toBe('malformed');
  });
});

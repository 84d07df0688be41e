import { expect, test } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { generateSigningKeys } from './keys.ts';
import { signEd25519, signingCurve, verifySignature } from './signature.ts';

test('other algorithms are none', () => {
  for (const alg of ['none', 'HS256', 'ES384', 'eddsa', 'constructor', undefined, null, {}])
    expect(signingCurve(alg)).toBeUndefined();
});

test.each(['Ed25519', 'P-256', 'secp256k1'] as const)(
  '%s: a key off the curve and a signature of any length verify nothing',
  async (curve) => {
    const size = curve === 'Ed25519' ? 32 : 33;
    for (const fill of [0, 2, 0xff])
      for (const length of [0, 1, 63, 64, 65, 72, 128]) {
        const [key, signature] = [new Uint8Array(size).fill(fill), new Uint8Array(length).fill(1)];
        expect(await verifySignature(curve, key, signature, utf8('x'))).toBe(false);
      }
  },
);

test('a signature holds for its key and data only', async () => {
  const own = await generateSigningKeys();
  const other = await generateSigningKeys();
  const signature = await signEd25519(own.privateKey, utf8('yes'));
  expect(await verifySignature('Ed25519', own.publicBytes, signature, utf8('yes'))).toBe(true);
  expect(await verifySignature('Ed25519', own.publicBytes, signature, utf8('no'))).toBe(false);
  expect(await verifySignature('Ed25519', other.publicBytes, signature, utf8('yes'))).toBe(false);
});

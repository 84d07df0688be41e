import { p256, p384, p521 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts';
import wycheproof from '../testing/vectors/wycheproof.json' with { type: 'json' };
import { agreementCurve } from './agreement.ts';

const x25519 = (await agreementCurve('X25519'))!;
const cases = wycheproof.x25519_jwk.testGroups.flatMap((group) => group.tests);

test('Web Crypto, too, refuses what the check of low order knows', async () => {
  const own = await x25519.ephemeral();
  for (const { public: jwk, shared } of cases) {
    if (!/^0+$/.test(shared)) continue;
    const lowOrder = await x25519.importPublic(fromBase64Url(jwk.x)!);
    await expect(x25519.agree(own.privateKey, lowOrder)).rejects.toThrow();
  }
});

test('only an X25519 JWK of 32 bytes is a key', async () => {
  const x = 'k9of_cpAajy0poW5gaixXGs9nHkwg1AFqUAFa39dyBc';
  expect(x25519.fromJwk({ kty: 'OKP', crv: 'X25519', x })).toHaveLength(32);
  expect(x25519.toJwk(fromBase64Url(x)!)).toEqual({ kty: 'OKP', crv: 'X25519', x });
  for (const jwk of [
    { kty: 'EC', x },
    { kty: 'OKP' },
    { kty: 'OKP', x: 7 },
    { kty: 'OKP', x: `${x}=` },
    { kty: 'OKP', x: x.slice(2) },
    { kty: 'OKP', x: `${x}AA` },
  ])
    expect(x25519.fromJwk(jwk), JSON.stringify(jwk)).toBeUndefined();
  for (const name of ['secp256k1', 'Ed25519', 'constructor', undefined, 1])
    expect(await agreementCurve(name)).toBeUndefined();
});

test.each([
  ['P-256', p256, 32],
  ['P-384', p384, 48],
  ['P-521', p521, 66],
] as const)(
  '%s: the points of @noble/curves, and none beside the curve',
  async (name, noble, size) => {
    const curve = (await agreementCurve(name))!;
    let safe = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(2, 3), fc.uint8Array(lengthOf(size)), async (sign, x) => {
        if (size === 66) x[0]! &= 1;
        const compressed = Uint8Array.from([sign, ...x]);
        let point: Uint8Array | undefined;
        try {
          point = noble.Point.fromBytes(compressed).toBytes(false);
        } catch {
          point = undefined;
        }
        expect(curve.isSafe(compressed)).toBe(point !== undefined);
        if (!point) return;
        const jwk = curve.toJwk(compressed);
        expect(jwk['y']).toBe(toBase64Url(point.subarray(1 + size)));
        expect(curve.fromJwk(jwk)).toEqual(compressed);
        const negated = { ...jwk, y: toBase64Url(point.subarray(1, 1 + size)) };
        expect(curve.fromJwk(negated)).toBeUndefined();
        safe += 1;
      }),
      { numRuns: 60 },
    );
    expect(safe).toBeGreaterThan(10);
    const [ours, theirs] = await Promise.all([curve.ephemeral(), curve.ephemeral()]);
    const [ourPublic, theirPublic] = await Promise.all(
      [ours, theirs].map(({ publicBytes }) => curve.importPublic(publicBytes)),
    );
    const shared = await curve.agree(ours.privateKey, theirPublic!);
    expect(shared).toHaveLength(size);
    expect(await curve.agree(theirs.privateKey, ourPublic!)).toEqual(shared);
    for (const bytes of [
      new Uint8Array(1 + size),
      new Uint8Array(1 + size).fill(0xff),
      Uint8Array.from([2, ...new Uint8Array(size).fill(0xff)]),
      Uint8Array.from([4, ...ours.publicBytes.subarray(1)]),
      ours.publicBytes.subarray(0, -1),
    ])
      expect(curve.isSafe(bytes)).toBe(false);
  },
);

const lengthOf = (size: number) => ({ minLength: size, maxLength: size });

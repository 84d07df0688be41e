import { expect, test } from 'vitest';
import { fromBase64Url } from '../lib/base64url.ts';
import { toHex } from '../testing/hex.ts';
import wycheproof from '../testing/vectors/wycheproof.json' with { type: 'json' };
import { agreementCurve } from './agreement.ts';

const x25519 = agreementCurve('X25519')!;
const cases = wycheproof.x25519_jwk.testGroups.flatMap((group) => group.tests);

const privateKey = ({ kty, crv, x, d }: { kty: string; crv: string; x: string; d: string }) =>
  crypto.subtle.importKey('jwk', { kty, crv, x, d }, { name: 'X25519' }, false, ['deriveBits']);

test('X25519 gives the shared secrets of Wycheproof and refuses every key of low order', async () => {
  let agreed = 0;
  let refused = 0;
  for (const { public: jwk, private: own, shared, flags, comment } of cases) {
    const publicBytes = x25519.fromJwk(jwk);
    const isLowOrder = /^0+$/.test(shared);
    expect(publicBytes === undefined, `${comment} ${flags.join()}`).toBe(isLowOrder);
    if (publicBytes) {
      expect(toHex(await x25519.agree(await privateKey(own), publicBytes))).toBe(shared);
      agreed += 1;
    } else refused += 1;
  }
  expect([agreed, refused]).toEqual([24, 16]);
});

test('Web Crypto, too, refuses what the check of low order knows', async () => {
  const own = await x25519.ephemeral();
  for (const { public: jwk, shared } of cases) {
    if (!/^0+$/.test(shared)) continue;
    await expect(x25519.agree(own.privateKey, fromBase64Url(jwk.x)!)).rejects.toThrow();
  }
});

test('only an X25519 JWK of 32 bytes is a key', () => {
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
  for (const name of ['P-256', 'Ed25519', 'constructor', undefined, 1])
    expect(agreementCurve(name)).toBeUndefined();
});

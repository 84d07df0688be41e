import { expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts';
import { concatBytes, utf8, type Bytes } from '../lib/bytes.ts';
import { fromHex, toHex } from '../testing/hex.ts';
import jose from '../testing/vectors/jose-primitives.json' with { type: 'json' };
import { agreementCurve } from './agreement.ts';
import { concatKdf } from './concat-kdf.ts';
import { contentCiphers } from './content-encryption.ts';

interface P256Jwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly d: string;
}
async function p256Secret(own: P256Jwk, theirs: P256Jwk): Promise<Bytes> {
  const algorithm = { name: 'ECDH', namedCurve: 'P-256' };
  const { d: _, ...publicJwk } = theirs;
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('jwk', { ...own }, algorithm, false, ['deriveBits']),
    crypto.subtle.importKey('jwk', publicJwk, algorithm, false, []),
  ]);
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256),
  );
}

test('RFC 7518 appendix C', async () => {
  const { aliceEphemeral, bob, algorithmId, apu, apv, keydatalenBits, derivedKey } =
    jose.ecdhEsRfc7518C;
  const derived = await concatKdf({
    secret: await p256Secret(aliceEphemeral, bob),
    algorithm: algorithmId,
    apu: utf8(apu),
    apv: utf8(apv),
    keyBits: keydatalenBits,
  });
  expect(toBase64Url(derived)).toBe(derivedKey);
});

test('ECDH-1PU draft, appendix A: Ze || Zs without a tag', async () => {
  const { zeHex, zsHex, algorithmId, apu, apv, keydatalenBits, derivedKeyHex } = jose.ecdh1puDirect;
  const derived = await concatKdf({
    secret: concatBytes(fromHex(zeHex), fromHex(zsHex)),
    algorithm: algorithmId,
    apu: utf8(apu),
    apv: utf8(apv),
    keyBits: keydatalenBits,
  });
  expect(toHex(derived)).toBe(derivedKeyHex);
});

test('ECDH-1PU draft, appendix B: the tag of the content is bound in, and the content opens', async () => {
  const vector = jose.ecdh1puKeyWrap;
  const x25519 = (await agreementCurve('X25519'))!;
  const { kty, crv, x, d } = vector.bob;
  const bob = await crypto.subtle.importKey('jwk', { kty, crv, x, d }, { name: 'X25519' }, false, [
    'deriveBits',
  ]);
  const shared = [vector.ephemeral, vector.alice].map(async (jwk) =>
    x25519.agree(bob, x25519.fromJwk(jwk)!),
  );
  const tag = fromBase64Url(vector.tag)!;
  const derived = await concatKdf({
    secret: concatBytes(...(await Promise.all(shared))),
    algorithm: vector.alg,
    apu: utf8(vector.apu),
    apv: utf8(vector.apv),
    keyBits: 128,
    tag,
  });
  expect(toHex(derived)).toBe(vector.bobKekHex);

  const aad = utf8(toBase64Url(utf8(vector.protectedExact)));
  const cipher = contentCiphers['A256CBC-HS512'];
  const key = fromHex(vector.cekHex);
  const iv = fromHex(vector.ivHex);
  const sealed = { ciphertext: fromBase64Url(vector.ciphertext)!, tag };
  expect(await cipher.open(key, iv, aad, sealed)).toEqual(utf8(vector.plaintext));
  expect(await cipher.seal(key, iv, aad, utf8(vector.plaintext))).toEqual(sealed);
});

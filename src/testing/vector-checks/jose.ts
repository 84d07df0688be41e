import { agreementCurve } from '../../crypto/agreement.ts';
import { concatKdf } from '../../crypto/concat-kdf.ts';
import { contentCiphers } from '../../crypto/content-encryption.ts';
import { fromBase64Url, toBase64Url } from '../../lib/base64url.ts';
import { concatBytes, utf8, type Bytes } from '../../lib/bytes.ts';
import { fromHex } from '../hex.ts';
import jose from '../vectors/jose-primitives.json' with { type: 'json' };
import { present, same, type VectorCheck } from './check.ts';

interface Jwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y?: string;
  readonly d: string;
}

async function agree(own: Jwk, theirs: Jwk): Promise<Bytes> {
  const curve = present(await agreementCurve(own.crv), own.crv);
  const algorithm = own.kty === 'OKP' ? { name: own.crv } : { name: 'ECDH', namedCurve: own.crv };
  const key = await crypto.subtle.importKey('jwk', { ...own }, algorithm, false, ['deriveBits']);
  const { d: _, ...publicJwk } = theirs;
  const publicBytes = present(curve.fromJwk(publicJwk), 'a point of the curve');
  return curve.agree(key, await curve.importPublic(publicBytes));
}

const base64Url = (text: string): Bytes => present(fromBase64Url(text), 'base64url');

/** RFC 7518 appendix C: the derived key. */
async function ecdhEs(): Promise<number> {
  const { aliceEphemeral, bob, algorithmId, apu, apv, keydatalenBits, derivedKey } =
    jose.ecdhEsRfc7518C;
  const derived = await concatKdf({
    secret: await agree(aliceEphemeral, bob),
    algorithm: algorithmId,
    apu: utf8(apu),
    apv: utf8(apv),
    keyBits: keydatalenBits,
  });
  same(toBase64Url(derived), derivedKey, 'derived key');
  return 1;
}

/** Draft-madden-jose-ecdh-1pu-04, appendix A: Ze, Zs and the key derived from both, without a tag. */
async function direct(): Promise<number> {
  const { alice, zeHex, zsHex, algorithmId, apu, apv, keydatalenBits, derivedKeyHex } =
    jose.ecdh1puDirect;
  const { aliceEphemeral: ephemeral, bob } = jose.ecdhEsRfc7518C;
  const ze = await agree(ephemeral, bob);
  const zs = await agree(alice, bob);
  same(ze, fromHex(zeHex), 'Ze');
  same(zs, fromHex(zsHex), 'Zs');
  same(await agree(bob, ephemeral), ze, 'Ze as Bob has it');
  same(await agree(bob, alice), zs, 'Zs as Bob has it');
  const derived = await concatKdf({
    secret: concatBytes(ze, zs),
    algorithm: algorithmId,
    apu: utf8(apu),
    apv: utf8(apv),
    keyBits: keydatalenBits,
  });
  same(derived, fromHex(derivedKeyHex), 'derived key');
  return 5;
}

/** Appendix B: the tag of the content is bound in, and the content opens. */
async function keyWrap(): Promise<number> {
  const vector = jose.ecdh1puKeyWrap;
  const { alice, bob, ephemeral } = vector;
  const tag = base64Url(vector.tag);
  const derived = await concatKdf({
    secret: concatBytes(await agree(bob, ephemeral), await agree(bob, alice)),
    algorithm: vector.alg,
    apu: utf8(vector.apu),
    apv: utf8(vector.apv),
    keyBits: 128,
    tag,
  });
  same(derived, fromHex(vector.bobKekHex), 'key-encryption key');
  const aad = utf8(toBase64Url(utf8(vector.protectedExact)));
  const { open, seal } = contentCiphers['A256CBC-HS512'];
  const [key, iv] = [fromHex(vector.cekHex), fromHex(vector.ivHex)];
  const sealed = { ciphertext: base64Url(vector.ciphertext), tag };
  same(await open(key, iv, aad, sealed), utf8(vector.plaintext), 'content');
  same(await seal(key, iv, aad, utf8(vector.plaintext)), sealed, 'sealed content');
  return 3;
}

export const joseChecks: readonly VectorCheck[] = [
  { name: 'RFC 7518 appendix C', count: 1, run: ecdhEs },
  { name: 'ECDH-1PU appendix A', count: 5, run: direct },
  { name: 'ECDH-1PU appendix B', count: 3, run: keyWrap },
];

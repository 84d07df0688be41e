import { agreementCurve } from '../../crypto/agreement.ts';
import { contentCiphers, type ContentCipherName } from '../../crypto/content-encryption.ts';
import { decodePublicJwk } from '../../crypto/jwk.ts';
import { unwrapKey, wrapKey } from '../../crypto/key-wrap.ts';
import { signingCurve, verifySignature } from '../../crypto/signature.ts';
import type { JsonObject } from '../../lib/json.ts';
import { fromHex } from '../hex.ts';
import vectors from '../vectors/wycheproof.json' with { type: 'json' };
import { present, same, type VectorCheck } from './check.ts';

// Wycheproof says of each case whether it is valid; a disagreement is an error.

interface AgreementTest {
  readonly public: JsonObject;
  readonly private: JsonObject;
  readonly shared: string;
  readonly result: string;
  readonly comment: string;
}

/** Of X25519 the cases "acceptable" are those with points that fix the secret (all zero), and others that do not. */
const mustAgree = ({ result, shared }: AgreementTest): boolean =>
  result === 'valid' || (result === 'acceptable' && !/^0+$/.test(shared));

async function agreement(name: string, tests: readonly AgreementTest[]): Promise<number> {
  const curve = present(await agreementCurve(name), name);
  const algorithm = name === 'X25519' ? { name } : { name: 'ECDH', namedCurve: name };
  for (const test of tests) {
    const publicBytes = curve.fromJwk(test.public);
    same(publicBytes !== undefined, mustAgree(test), `${name}: ${test.comment}`);
    if (!publicBytes) continue;
    const { kid: _, ...jwk } = test.private;
    const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['deriveBits']);
    const shared = await curve.agree(key, await curve.importPublic(publicBytes));
    same(shared, fromHex(test.shared), `${name}: ${test.comment}`);
  }
  return tests.length;
}

interface CipherTest {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: string;
  readonly comment: string;
}

async function cipher(name: ContentCipherName, tests: readonly CipherTest[]): Promise<number> {
  const { ivLength, open, seal } = contentCiphers[name];
  for (const { key, iv, aad, msg, ct, tag, result, comment } of tests) {
    // The parser of envelopes lets no other length pass.
    if (iv.length !== 2 * ivLength) {
      same(result, 'invalid', `${name}: ${comment}`);
      continue;
    }
    const sealed = { ciphertext: fromHex(ct), tag: fromHex(tag) };
    const [keyBytes, ivBytes, aadBytes] = [fromHex(key), fromHex(iv), fromHex(aad)];
    const opened = await open(keyBytes, ivBytes, aadBytes, sealed);
    same(opened, result === 'valid' ? fromHex(msg) : undefined, `${name}: ${comment}`);
    if (opened)
      same(await seal(keyBytes, ivBytes, aadBytes, opened), sealed, `${name}: ${comment}`);
  }
  return tests.length;
}

interface SignatureGroup {
  readonly publicKeyJwk: JsonObject;
  readonly tests: readonly {
    readonly msg: string;
    readonly sig: string;
    readonly result: string;
    readonly comment: string;
  }[];
}

async function signatures(alg: string, groups: readonly SignatureGroup[]): Promise<number> {
  const curve = present(signingCurve(alg), alg);
  let compared = 0;
  for (const { publicKeyJwk, tests } of groups) {
    const key = decodePublicJwk(publicKeyJwk);
    if (key.kind === 'malformed') throw new Error(`${alg}: a key cannot be read`);
    for (const { msg, sig, result, comment } of tests) {
      const verified = await verifySignature(curve, key.publicBytes, fromHex(sig), fromHex(msg));
      same(verified, result === 'valid', `${alg}: ${comment}`);
      compared += 1;
    }
  }
  return compared;
}

async function keyWrap(): Promise<number> {
  const tests = casesOf(vectors.aes_wrap_256);
  for (const { key, msg, ct, result, comment } of tests) {
    const opened = await unwrapKey(fromHex(key), fromHex(ct));
    // "Acceptable" are keys shorter than any that an envelope may wrap.
    same(opened, result === 'valid' ? fromHex(msg) : undefined, `AES-KW: ${comment}`);
    if (opened) same(await wrapKey(fromHex(key), opened), fromHex(ct), `AES-KW: ${comment}`);
  }
  return tests.length;
}

const casesOf = <T>({
  testGroups,
}: {
  readonly testGroups: readonly { readonly tests: readonly T[] }[];
}) => testGroups.flatMap(({ tests }) => tests);

const check = (name: string, count: number, run: () => Promise<number>): VectorCheck => ({
  name: `Wycheproof ${name}`,
  count,
  run,
});

export const wycheproofChecks: readonly VectorCheck[] = [
  check('X25519', 40, () => agreement('X25519', casesOf(vectors.x25519_jwk))),
  check('ECDH P-256', 18, () => agreement('P-256', casesOf(vectors.ecdh_p256_webcrypto))),
  check('ECDH P-384', 17, () => agreement('P-384', casesOf(vectors.ecdh_p384_webcrypto))),
  check('A256CBC-HS512', 10, () => cipher('A256CBC-HS512', casesOf(vectors.a256cbc_hs512))),
  check('A256GCM', 8, () => cipher('A256GCM', casesOf(vectors.aes_gcm_256_iv96))),
  check('XC20P', 15, () => cipher('XC20P', casesOf(vectors.xchacha20_poly1305))),
  check('AES-KW', 16, keyWrap),
  check('Ed25519', 19, () => signatures('EdDSA', vectors.ed25519.testGroups)),
  check('ES256', 17, () => signatures('ES256', vectors.ecdsa_p256_sha256_p1363.testGroups)),
  check('ES256K', 17, () => signatures('ES256K', vectors.ecdsa_secp256k1_sha256_p1363.testGroups)),
];

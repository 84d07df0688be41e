import { secp256k1 } from '@noble/curves/secp256k1.js';
import { decodePublicJwk } from '../../crypto/jwk.ts';
import { encodeKey } from '../../crypto/multicodec.ts';
import type { Did, DidDocument, KeyId } from '../../did/did.ts';
import type { OwnKey, Secrets } from '../../didcomm/engine.ts';
import { toBase64Url } from '../../lib/base64url.ts';
import type { JsonObject } from '../../lib/json.ts';
import { documentOf } from '../peer-did.ts';

export type AgreementName = 'X25519' | 'P-256' | 'P-384' | 'P-521';
export type SigningAlg = 'EdDSA' | 'ES256' | 'ES256K';

/** A key as libraries take it that know no CryptoKey. */
export interface JwkKey {
  readonly kid: KeyId;
  readonly jwk: JsonWebKey;
}

/** Somebody whose did:peer:2 has several keys: for agreement on one curve, and one for each signature. */
export interface KeyRing {
  readonly did: Did;
  readonly document: DidDocument;
  readonly agreement: readonly (JwkKey & OwnKey)[];
  readonly signing: readonly JwkKey[];
  readonly signingKid: Readonly<Record<SigningAlg, KeyId>>;
  /** Ed25519: what our engine signs with. */
  readonly signer: OwnKey;
  readonly secrets: Secrets;
}

const AGREEMENT = {
  X25519: { name: 'X25519' },
  'P-256': { name: 'ECDH', namedCurve: 'P-256' },
  'P-384': { name: 'ECDH', namedCurve: 'P-384' },
  'P-521': { name: 'ECDH', namedCurve: 'P-521' },
} as const;

export async function newKeyRing(curve: AgreementName, count: number): Promise<KeyRing> {
  const algorithm = AGREEMENT[curve];
  const agreementJwks = await Promise.all(
    Array.from({ length: count }, () => newJwk(algorithm, ['deriveBits'])),
  );
  const signingJwks = [
    await newJwk({ name: 'Ed25519' }, ['sign', 'verify']),
    await newJwk({ name: 'ECDSA', namedCurve: 'P-256' }, ['sign', 'verify']),
    newSecp256k1(),
  ];
  const elements = [
    ...agreementJwks.map((jwk) => `.E${multibaseOf(jwk)}`),
    ...signingJwks.map((jwk) => `.V${multibaseOf(jwk)}`),
  ];
  const did: Did = `did:peer:2${elements.join('')}`;
  const kidOf = (index: number): KeyId => `${did}#key-${index + 1}`;
  const agreement = await Promise.all(
    agreementJwks.map(async (jwk, index) => ({
      kid: kidOf(index),
      jwk,
      privateKey: await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['deriveBits']),
    })),
  );
  const signing = signingJwks.map((jwk, index) => ({ kid: kidOf(count + index), jwk }));
  const [ed25519, p256, k256] = signing.map(({ kid }) => kid) as [KeyId, KeyId, KeyId];
  const privateKey = await crypto.subtle.importKey(
    'jwk',
    signingJwks[0]!,
    { name: 'Ed25519' },
    false,
    ['sign'],
  );
  return {
    did,
    document: await documentOf(did),
    agreement,
    signing,
    signingKid: { EdDSA: ed25519, ES256: p256, ES256K: k256 },
    signer: { kid: ed25519, privateKey },
    secrets: {
      agreementKey: async (asked) => agreement.find(({ kid }) => kid === asked)?.privateKey,
    },
  };
}

async function newJwk(
  algorithm: EcKeyGenParams | { readonly name: string },
  usages: KeyUsage[],
): Promise<JsonWebKey> {
  const { privateKey } = (await crypto.subtle.generateKey(
    algorithm,
    true,
    usages,
  )) as CryptoKeyPair;
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey);
  return { kty, crv, x, d, ...(y === undefined ? {} : { y }) } as JsonWebKey;
}

function newSecp256k1(): JsonWebKey {
  const { secretKey } = secp256k1.keygen();
  const point = secp256k1.getPublicKey(secretKey, false);
  return {
    kty: 'EC',
    crv: 'secp256k1',
    x: toBase64Url(point.subarray(1, 33)),
    y: toBase64Url(point.subarray(33)),
    d: toBase64Url(secretKey),
  };
}

function multibaseOf({ d: _, ...publicJwk }: JsonWebKey): string {
  const key = decodePublicJwk(publicJwk as JsonObject);
  if (key.kind === 'malformed') throw new Error('a fresh key must be readable');
  return encodeKey(key.curve, key.publicBytes);
}

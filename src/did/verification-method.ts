import { decodePublicJwk } from '../crypto/jwk.ts';
import { fromBase58 } from '../crypto/multibase.ts';
import {
  decodeKey,
  encodeKey,
  publicKeyOf,
  type KeyCurve,
  type KeyDecoding,
} from '../crypto/multicodec.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import type { KeyId, PublicKey } from './did.ts';

/** Suites whose name says the curve. The others (Multikey, JsonWebKey2020) say it in the key. */
const SUITE_CURVES: ReadonlyMap<unknown, KeyCurve> = new Map([
  ['X25519KeyAgreementKey2019', 'X25519'],
  ['X25519KeyAgreementKey2020', 'X25519'],
  ['Ed25519VerificationKey2018', 'Ed25519'],
  ['Ed25519VerificationKey2020', 'Ed25519'],
]);

/**
 * Reads a verification method in any of its key formats.
 * @returns undefined for a method that Parley does not understand, which documents may hold
 */
export function readVerificationMethod(method: JsonObject, kid: KeyId): PublicKey | undefined {
  const suiteCurve = SUITE_CURVES.get(method['type']);
  const key = decodeMethod(method, suiteCurve);
  if (key.kind === 'malformed' || (suiteCurve ?? key.curve) !== key.curve) return undefined;
  const { curve, publicBytes } = key;
  return { kid, curve, publicBytes, multibase: encodeKey(curve, publicBytes) };
}

function decodeMethod(method: JsonObject, suiteCurve: KeyCurve | undefined): KeyDecoding {
  const { publicKeyMultibase, publicKeyBase58, publicKeyJwk } = method;
  if (typeof publicKeyMultibase === 'string') return decodeKey(publicKeyMultibase);
  if (isJsonObject(publicKeyJwk)) return decodePublicJwk(publicKeyJwk);
  const bytes = typeof publicKeyBase58 === 'string' ? fromBase58(publicKeyBase58) : undefined;
  return bytes && suiteCurve ? publicKeyOf(suiteCurve, bytes) : { kind: 'malformed' };
}

import { fromBase64Url } from '../lib/base64url.ts';
import { concatBytes } from '../lib/bytes.ts';
import type { JsonObject } from '../lib/json.ts';
import { publicKeyOf, type KeyCurve, type KeyDecoding } from './multicodec.ts';

/** `crv` -> `kty` (RFC 7518 section 6.2, RFC 8037 section 2, RFC 8812 section 3.1) */
const KEY_TYPES: ReadonlyMap<unknown, readonly [KeyCurve, 'OKP' | 'EC']> = new Map([
  ['X25519', ['X25519', 'OKP']],
  ['Ed25519', ['Ed25519', 'OKP']],
  ['P-256', ['P-256', 'EC']],
  ['P-384', ['P-384', 'EC']],
  ['P-521', ['P-521', 'EC']],
  ['secp256k1', ['secp256k1', 'EC']],
]);

/**
 * Reads a public JWK into the form of our multicodec keys; points of EC keys are compressed.
 * That a point lies on its curve is for the importing primitive to check. A JWK that holds a
 * private key is refused: it must not be treated as a secret of anyone's any more.
 */
export function decodePublicJwk(jwk: JsonObject): KeyDecoding {
  const [curve, keyType] = KEY_TYPES.get(jwk['crv']) ?? [];
  if (curve === undefined || jwk['kty'] !== keyType || 'd' in jwk) return { kind: 'malformed' };
  const x = coordinate(jwk['x']);
  if (x === undefined) return { kind: 'malformed' };
  if (keyType === 'OKP') return publicKeyOf(curve, x);
  const y = coordinate(jwk['y']);
  if (y?.length !== x.length) return { kind: 'malformed' };
  const parity = (y.at(-1) ?? 0) & 1;
  return publicKeyOf(curve, concatBytes(new Uint8Array([2 + parity]), x));
}

const coordinate = (value: unknown) =>
  typeof value === 'string' ? fromBase64Url(value) : undefined;

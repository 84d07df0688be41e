import type { Bytes } from '../lib/bytes.ts';
import { importEd25519Public } from './keys.ts';
import { orUndefined } from './refusal.ts';

export type SigningCurve = 'Ed25519' | 'P-256' | 'secp256k1';

/** RFC 8037 section 3.1, RFC 7518 section 3.4 and RFC 8812 section 3.2. */
const CURVES: ReadonlyMap<unknown, SigningCurve> = new Map([
  ['EdDSA', 'Ed25519'],
  ['ES256', 'P-256'],
  ['ES256K', 'secp256k1'],
]);

/** @param alg of a JOSE header @returns undefined for one that no signature may have here */
export const signingCurve = (alg: unknown): SigningCurve | undefined => CURVES.get(alg);

/** EdDSA with Ed25519. @returns 64 bytes */
export async function signEd25519(privateKey: CryptoKey, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, data));
}

/**
 * @param publicBytes as multicodec has them; a key that is no point of the curve verifies nothing
 * @param signature 64 bytes on every curve; of another length it is wrong
 */
export async function verifySignature(
  curve: SigningCurve,
  publicBytes: Bytes,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  // What Parley itself signs with is at hand; the others are loaded when somebody uses them.
  if (curve === 'P-256')
    return (await import('./nist.ts')).verifyEs256(publicBytes, signature, data);
  if (curve === 'secp256k1')
    return (await import('./es256k.ts')).verifyEs256k(publicBytes, signature, data);
  const key = await orUndefined(importEd25519Public(publicBytes));
  return key !== undefined && crypto.subtle.verify('Ed25519', key, signature, data);
}

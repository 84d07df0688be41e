import type { Bytes } from '../lib/bytes.ts';
import { importEd25519Public } from './keys.ts';
import { orUndefined } from './refusal.ts';

/** EdDSA with Ed25519 (RFC 8037 section 3.1). @returns 64 bytes */
export async function signEd25519(privateKey: CryptoKey, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, data));
}

/** @param publicBytes 32 bytes; a key that is no point of the curve verifies nothing */
export async function verifyEd25519(
  publicBytes: Bytes,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  const key = await orUndefined(importEd25519Public(publicBytes));
  return key !== undefined && crypto.subtle.verify('Ed25519', key, signature, data);
}

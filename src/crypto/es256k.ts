import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Bytes } from '../lib/bytes.ts';

/**
 * ES256K (RFC 8812 section 3.2), whose curve Web Crypto lacks. Both values of s are taken, as JOSE does: the
 * smaller one is Bitcoin's rule. @param publicBytes a compressed point; one off the curve verifies nothing
 */
export const verifyEs256k = (publicBytes: Bytes, signature: Bytes, data: Bytes): boolean =>
  signature.length === 64 && secp256k1.verify(signature, data, publicBytes, { lowS: false });

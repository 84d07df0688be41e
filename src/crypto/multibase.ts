import { base58 } from '@scure/base';
import type { Bytes } from '../lib/bytes.ts';

/** Multibase base58btc: `z` and the base58 digits (draft-multiformats-multibase, the only base did:peer takes). */
export const toMultibase = (bytes: Uint8Array): string => `z${base58.encode(bytes)}`;

/** Undefined for another base, a foreign digit, or more than 4,096 digits (decoding time is quadratic). */
export const fromMultibase = (text: string): Bytes | undefined =>
  text.startsWith('z') ? fromBase58(text.slice(1)) : undefined;

/** Bare base58btc, as `publicKeyBase58` holds it. */
export function fromBase58(text: string): Bytes | undefined {
  try {
    return new Uint8Array(base58.decode(text));
  } catch {
    return undefined;
  }
}

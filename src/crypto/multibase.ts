import type { Bytes } from '../lib/bytes.ts';
import { decodeBase58, encodeBase58 } from './base58.ts';

/** Multibase base58btc: `z` and the base58 digits (draft-multiformats-multibase, the only base did:peer takes). */
export const toMultibase = (bytes: Uint8Array): string => `z${encodeBase58(bytes)}`;

/** Undefined for another base or a foreign digit. Decoding time is quadratic; a DID bounds the length. */
export const fromMultibase = (text: string): Bytes | undefined =>
  text.startsWith('z') ? fromBase58(text.slice(1)) : undefined;

const MAX_DIGITS = 4096;

/** Bare base58btc, as `publicKeyBase58` holds it; undefined over 4,096 digits. */
export const fromBase58 = (text: string): Bytes | undefined =>
  text.length <= MAX_DIGITS ? decodeBase58(text) : undefined;

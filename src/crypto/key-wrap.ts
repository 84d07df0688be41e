import type { Bytes } from '../lib/bytes.ts';
import { orUndefined } from './refusal.ts';

// Web Crypto wraps CryptoKeys only. A content key of 32 or 64 bytes travels as an HMAC key: the one kind
// that may have any length, in every browser.
const CARRIER = { name: 'HMAC', hash: 'SHA-256' };

/** AES Key Wrap (RFC 3394) under a 256-bit key. @param keyBytes 32 or 64 bytes @returns 8 bytes more */
export async function wrapKey(wrappingKeyBytes: Bytes, keyBytes: Bytes): Promise<Bytes> {
  const [wrappingKey, carrier] = await Promise.all([
    importWrappingKey(wrappingKeyBytes, 'wrapKey'),
    crypto.subtle.importKey('raw', keyBytes, CARRIER, true, ['sign']),
  ]);
  return new Uint8Array(
    await crypto.subtle.wrapKey('raw', carrier, wrappingKey, { name: 'AES-KW' }),
  );
}

/** @returns undefined when the key was not wrapped under this one, or was altered */
export async function unwrapKey(
  wrappingKeyBytes: Bytes,
  wrapped: Bytes,
): Promise<Bytes | undefined> {
  // RFC 3394 section 2: whole 64-bit blocks, at least two and the check value. Web Crypto reports
  // other lengths differently in each browser.
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) return undefined;
  const wrappingKey = await importWrappingKey(wrappingKeyBytes, 'unwrapKey');
  const carrier = await orUndefined(
    crypto.subtle.unwrapKey('raw', wrapped, wrappingKey, { name: 'AES-KW' }, CARRIER, true, [
      'sign',
    ]),
  );
  return carrier && new Uint8Array(await crypto.subtle.exportKey('raw', carrier));
}

const importWrappingKey = (keyBytes: Bytes, usage: 'wrapKey' | 'unwrapKey'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', keyBytes, { name: 'AES-KW' }, false, [usage]);

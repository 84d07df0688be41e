import { toBase64Url } from '../lib/base64url.ts';
import type { Bytes } from '../lib/bytes.ts';

/** HMAC-SHA-256 cut to 16 bytes, as base64url: 22 characters. */
export async function shortMac(key: CryptoKey, data: Bytes): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', key, data);
  return toBase64Url(new Uint8Array(mac, 0, 16));
}

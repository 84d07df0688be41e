import type { Bytes } from './bytes.ts';

/** Base64url without padding (RFC 4648 section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

const STRICT = /^[A-Za-z0-9_-]*$/;
const LENIENT = /^[A-Za-z0-9_+/-]*={0,2}$/;

/** The last characters that set no bits beyond the last byte, by length modulo 4 (RFC 4648 section 3.5). */
const LAST = [undefined, '', 'AQgw', 'AEIMQUYcgkosw048'];

/**
 * Strict: base64url without padding; undefined for anything else. One text for the same bytes only, so
 * that a signed or encrypted thing cannot be respelt.
 */
export function fromBase64Url(text: string): Bytes | undefined {
  const last = LAST[text.length % 4];
  const isCanonical = last === undefined || last.includes(text.slice(-1));
  return isCanonical && STRICT.test(text) ? decode(text) : undefined;
}

/** Lenient: either alphabet, padded or not, as peers send it (rules I24, I36). */
export function fromAnyBase64(text: string): Bytes | undefined {
  return LENIENT.test(text) ? decode(text) : undefined;
}

function decode(text: string): Bytes | undefined {
  const bare = text.replace(/=+$/, '').replace(/-/g, '+').replace(/_/g, '/');
  if (bare.length % 4 === 1) return undefined;
  let binary: string;
  try {
    binary = atob(bare);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

import type { Bytes } from '../lib/bytes.ts';

// Base58 as Bitcoin writes it (draft-msporny-base58-03): a number in base 58, most significant digit first,
// where each leading zero byte is a leading `1`. Written here for its 300 bytes; the library that does it
// takes over a kilobyte of what the service worker may have.

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

export function encodeBase58(bytes: Uint8Array): string {
  const digits = convert([...bytes], 256, 58);
  return digits.map((digit) => ALPHABET.charAt(digit)).join('');
}

/** Undefined for a character outside the alphabet. */
export function decodeBase58(text: string): Bytes | undefined {
  const digits = Array.from(text, (digit) => ALPHABET.indexOf(digit));
  return digits.includes(-1) ? undefined : Uint8Array.from(convert(digits, 58, 256));
}

/** Digits of one base to digits of another by long division; as many leading zeros as there were. */
function convert(digits: readonly number[], from: number, to: number): number[] {
  const first = digits.findIndex((digit) => digit !== 0);
  if (first === -1) return [...digits];
  const out: number[] = [];
  for (const digit of digits.slice(first)) {
    let carry = digit;
    for (let i = 0; i < out.length; i += 1) {
      carry += (out[i] ?? 0) * from;
      out[i] = carry % to;
      carry = Math.floor(carry / to);
    }
    for (; carry > 0; carry = Math.floor(carry / to)) out.push(carry % to);
  }
  return [...digits.slice(0, first), ...out.reverse()];
}

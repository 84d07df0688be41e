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

/** Digits taken together, so that a product of two groups is still exact: 58 ** 4 and 256 ** 3 are below 2 ** 24. */
const GROUP = { 58: 4, 256: 3 };
type Base = keyof typeof GROUP;

/** Digits of one base to digits of another by long division; as many leading zeros as there were. */
function convert(digits: readonly number[], from: Base, to: Base): number[] {
  const first = digits.findIndex((digit) => digit !== 0);
  if (first === -1) return [...digits];
  const limit = to ** GROUP[to];
  const out: number[] = [];
  for (let at = first; at < digits.length; at += GROUP[from]) {
    const group = digits.slice(at, at + GROUP[from]);
    const factor = from ** group.length;
    let carry = group.reduce((sum, digit) => sum * from + digit, 0);
    for (let i = 0; i < out.length; i += 1) {
      carry += (out[i] ?? 0) * factor;
      out[i] = carry % limit;
      carry = Math.floor(carry / limit);
    }
    for (; carry > 0; carry = Math.floor(carry / limit)) out.push(carry % limit);
  }
  const lowestFirst = out.flatMap((group) =>
    Array.from({ length: GROUP[to] }, (_, i) => Math.floor(group / to ** i) % to),
  );
  while (lowestFirst.at(-1) === 0) lowestFirst.pop();
  return [...digits.slice(0, first), ...lowestFirst.reverse()];
}

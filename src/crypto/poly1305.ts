import type { Bytes } from '../lib/bytes.ts';

// Numbers modulo 2^130 - 5 as six limbs of 22 bits: products and their sums stay below 2^53, where
// JavaScript's numbers are exact.
const LIMBS = 6;
const BITS = 22;
const BASE = 2 ** BITS;
/** 2^132 modulo 2^130 - 5: what a carry out of the last limb is worth in the first. */
const WRAP = 20;
const PRIME = 2n ** 130n - 5n;

/** Poly1305 (RFC 8439 section 2.5). @param key 32 bytes, used once. @returns the tag, 16 bytes */
export function poly1305(key: Bytes, message: Bytes): Bytes {
  const r = limbsOf(clamped(key.subarray(0, 16)));
  const sum = new Float64Array(LIMBS);
  const product = new Float64Array(LIMBS);
  for (let from = 0; from < message.length; from += 16) {
    const block = new Uint8Array(17);
    const part = message.subarray(from, from + 16);
    block.set(part);
    block[part.length] = 1;
    limbsOf(block).forEach((limb, i) => (sum[i] = (sum[i] ?? 0) + limb));
    multiply(sum, r, product);
    carry(product, sum);
  }
  const total = (toBigInt(sum) % PRIME) + littleEndian(key.subarray(16, 32));
  return Uint8Array.from({ length: 16 }, (_, i) => Number((total >> BigInt(8 * i)) & 255n));
}

function multiply(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < LIMBS; i += 1) {
    let total = 0;
    for (let j = 0; j < LIMBS; j += 1)
      total +=
        j <= i ? (a[j] ?? 0) * (b[i - j] ?? 0) : WRAP * (a[j] ?? 0) * (b[i + LIMBS - j] ?? 0);
    out[i] = total;
  }
}

function carry(from: Float64Array, to: Float64Array): void {
  let over = 0;
  for (let i = 0; i < LIMBS; i += 1) {
    const value = (from[i] ?? 0) + over;
    over = Math.floor(value / BASE);
    to[i] = value - over * BASE;
  }
  const first = (to[0] ?? 0) + WRAP * over;
  over = Math.floor(first / BASE);
  to[0] = first - over * BASE;
  to[1] = (to[1] ?? 0) + over;
}

/** "Clamping" of r. */
function clamped(bytes: Bytes): Bytes {
  return bytes.map(
    (byte, i) => byte & (i % 4 === 3 ? 15 : 255) & (i > 0 && i % 4 === 0 ? 252 : 255),
  );
}

function limbsOf(bytes: Bytes): Float64Array {
  const limbs = new Float64Array(LIMBS);
  bytes.forEach((byte, i) => {
    const limb = Math.floor((8 * i) / BITS);
    const shifted = byte * 2 ** ((8 * i) % BITS);
    limbs[limb] = (limbs[limb] ?? 0) + (shifted % BASE);
    if (shifted >= BASE) limbs[limb + 1] = Math.floor(shifted / BASE);
  });
  return limbs;
}

const toBigInt = (limbs: Float64Array): bigint =>
  limbs.reduceRight<bigint>((total, limb) => total * BigInt(BASE) + BigInt(limb), 0n);

const littleEndian = (bytes: Bytes): bigint =>
  bytes.reduceRight<bigint>((total, byte) => total * 256n + BigInt(byte), 0n);

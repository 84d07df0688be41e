import type { Bytes } from '../lib/bytes.ts';

// "expand 32-byte k" (RFC 8439 section 2.3).
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
// Which words a quarter round mixes: four columns, then four diagonals.
const ROUNDS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** Twenty rounds over the sixteen words, in place (RFC 8439 section 2.3). */
function permute(x: Int32Array): void {
  for (let i = 0; i < 10; i += 1)
    for (const [a, b, c, d] of ROUNDS) {
      x[a] = at(x, a) + at(x, b);
      x[d] = rotate(at(x, d) ^ at(x, a), 16);
      x[c] = at(x, c) + at(x, d);
      x[b] = rotate(at(x, b) ^ at(x, c), 12);
      x[a] = at(x, a) + at(x, b);
      x[d] = rotate(at(x, d) ^ at(x, a), 8);
      x[c] = at(x, c) + at(x, d);
      x[b] = rotate(at(x, b) ^ at(x, c), 7);
    }
}

const at = (words: Int32Array, i: number): number => words[i] ?? 0;

function wordsOf(bytes: Bytes): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

function bytesOf(words: Int32Array): Bytes {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => view.setInt32(4 * i, word, true));
  return bytes;
}

/** HChaCha20 (draft-irtf-cfrg-xchacha-03 section 2.2): a key of 32 bytes from a key and 16 bytes. */
export function hchacha20(key: Bytes, nonce: Bytes): Bytes {
  const state = Int32Array.from([...CONSTANTS, ...wordsOf(key), ...wordsOf(nonce)]);
  permute(state);
  return bytesOf(Int32Array.from([...state.subarray(0, 4), ...state.subarray(12)]));
}

/**
 * ChaCha20 (RFC 8439 section 2.4): the stream over `text`, starting with block `counter`.
 * @param nonce 12 bytes
 */
export function chacha20(key: Bytes, nonce: Bytes, counter: number, text: Bytes): Bytes {
  const start = Int32Array.from([...CONSTANTS, ...wordsOf(key), counter, ...wordsOf(nonce)]);
  const out = Uint8Array.from(text);
  const block = new Int32Array(16);
  for (let from = 0; from < out.length; from += 64) {
    block.set(start);
    permute(block);
    block.forEach((word, i) => (block[i] = word + at(start, i)));
    const stream = bytesOf(block);
    for (let i = from; i < Math.min(from + 64, out.length); i += 1)
      out[i] = (out[i] ?? 0) ^ (stream[i - from] ?? 0);
    start[12] = at(start, 12) + 1;
  }
  return out;
}

import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomBytes } from '../lib/bytes.ts';
import { poly1305 } from './poly1305.ts';
import { xc20pOpen, xc20pSeal } from './xc20p.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const text = fc.uint8Array({ maxLength: 400 });

test('seals what @noble/ciphers opens, and the same bytes', () => {
  fc.assert(
    fc.property(bytes(32), bytes(24), text, text, (key, nonce, aad, plaintext) => {
      const [k, n, a, p] = [key, nonce, aad, plaintext].map((part) => Uint8Array.from(part));
      const sealed = xc20pSeal(k!, n!, a!, p!);
      expect(sealed).toEqual(Uint8Array.from(xchacha20poly1305(k!, n!, a).encrypt(p!)));
      expect(xc20pOpen(k!, n!, a!, sealed)).toEqual(p);
    }),
    { numRuns: 500 },
  );
});

test('opens nothing that was altered', () => {
  const [key, nonce, aad, plaintext] = [32, 24, 10, 100].map((length) => randomBytes(length));
  const sealed = xc20pSeal(key!, nonce!, aad!, plaintext!);
  for (let i = 0; i < sealed.length; i += 1) {
    const altered = sealed.with(i, (sealed[i] ?? 0) ^ 1);
    expect(xc20pOpen(key!, nonce!, aad!, altered)).toBeUndefined();
  }
  expect(xc20pOpen(key!, nonce!, randomBytes(10), sealed)).toBeUndefined();
  for (let length = 0; length < 16; length += 1)
    expect(xc20pOpen(key!, nonce!, aad!, sealed.slice(0, length))).toBeUndefined();
});

/** RFC 8439 appendix A.3, vectors 7 to 11: sums next to 2^130 - 5, where carries and reduction decide. */
const EDGES: readonly (readonly [r: string, s: string, message: string, tag: string])[] = [
  ['02', '', 'ff'.repeat(16), '03'],
  ['02', 'ff'.repeat(16), `02${'00'.repeat(15)}`, '03'],
  ['01', '', `${'ff'.repeat(16)}f0${'ff'.repeat(15)}11${'00'.repeat(15)}`, '05'],
  ['01', '', `${'ff'.repeat(16)}fb${'fe'.repeat(15)}${'01'.repeat(16)}`, ''],
  ['02', '', `fd${'ff'.repeat(15)}`, `fa${'ff'.repeat(15)}`],
];

test('poly1305 at the edges of its modulus', () => {
  const hex = (text: string, length = text.length / 2) => {
    const out = new Uint8Array(length);
    out.set(Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16)));
    return out;
  };
  for (const [r, s, message, tag] of EDGES)
    expect(poly1305(Uint8Array.from([...hex(r, 16), ...hex(s, 16)]), hex(message))).toEqual(
      hex(tag, 16),
    );
});

import { base58 } from '@scure/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase58, encodeBase58 } from './base58.ts';

test('the same digits as @scure/base, there and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 3 }), (tail, zeros) => {
      const bytes = Uint8Array.from([...new Uint8Array(zeros), ...tail]);
      const text = encodeBase58(bytes);
      expect(text).toBe(base58.encode(bytes));
      expect(decodeBase58(text)).toEqual(bytes);
    }),
    { numRuns: 1000 },
  );
});

test.each(['0', 'O', 'I', 'l', '2 3', '2é', '🙂', '2_'])('%j is not base58', (text) => {
  expect(decodeBase58(text)).toBeUndefined();
});

import { expect, test } from 'vitest';
import { vectorChecks } from './all.ts';
import { failureOf, reportOn, same } from './check.ts';

test.each(vectorChecks)('$name: $count', async (check) => {
  expect(await failureOf(check)).toBeUndefined();
});

test('counts together', async () => {
  const report = await reportOn(vectorChecks);
  console.log(`vectors in Node: ${report}`);
  expect(report).toBe('358 of 358 in 29 sets');
});

test('a check can fail', async () => {
  expect(() => same({ a: Uint8Array.of(1) }, { a: Uint8Array.of(2) }, 'x')).toThrow('x: ');
  expect(() => same({ a: 1, b: [1] }, { b: [1], a: 1 }, 'x')).not.toThrow();
  const short = { name: 'short', count: 2, run: async () => 1 };
  expect(await failureOf(short)).toBe('compared 1, not 2');
  expect(await reportOn([short])).toBe('0 of 2 in 1 sets\nshort: compared 1, not 2');
});

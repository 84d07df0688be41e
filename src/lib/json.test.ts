import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './json.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;

/** Texts full of what opens, closes and escapes. */
const awkward = fc.string({ unit: fc.constantFrom('"', '\\', '{', '[', ']', '}', 'a', '\n') });
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    awkward,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(awkward, tie('tree'), { maxKeys: 3 }),
  ),
}));

test('a text is as deep as what is in it, whatever its strings hold', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const text = JSON.stringify(value);
      const [maxLength, maxDepth] = [text.length, depthOf(value)];
      expect(parseJson(text, { maxLength, maxDepth })).toEqual({
        kind: 'ok',
        value: JSON.parse(text),
      });
      const shallow = parseJson(text, { maxLength, maxDepth: maxDepth - 1 });
      expect(shallow).toEqual(maxDepth > 0 ? { kind: 'too-deep' } : expect.anything());
    }),
    { numRuns: 500 },
  );
});

test('texts that are too long or no JSON are refused by name', () => {
  expect(parseJson('[1]', { maxLength: 2, maxDepth: 9 })).toEqual({ kind: 'too-large' });
  for (const text of ['', '{', '"', '"\\"', '[1', 'undefined'])
    expect(parseJson(text, { maxLength: 99, maxDepth: 9 })).toEqual({ kind: 'not-json' });
});

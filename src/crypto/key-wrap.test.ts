import { expect, test } from 'vitest';
import { randomBytes } from '../lib/bytes.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';

test('content keys of both lengths come back, and under another key nothing does', async () => {
  for (const length of [32, 64]) {
    const key = randomBytes(32);
    const content = randomBytes(length);
    const wrapped = await wrapKey(key, content);
    expect(wrapped).toHaveLength(length + 8);
    expect(await unwrapKey(key, wrapped)).toEqual(content);
    expect(await unwrapKey(randomBytes(32), wrapped)).toBeUndefined();
  }
});

test('a wrapped key of any other length is refused, not thrown', async () => {
  for (let length = 0; length <= 80; length += 1)
    expect(await unwrapKey(randomBytes(32), randomBytes(length))).toBeUndefined();
});

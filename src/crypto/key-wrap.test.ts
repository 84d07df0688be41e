import { expect, test } from 'vitest';
import { randomBytes } from '../lib/bytes.ts';
import { fromHex, toHex } from '../testing/hex.ts';
import wycheproof from '../testing/vectors/wycheproof.json' with { type: 'json' };
import { unwrapKey, wrapKey } from './key-wrap.ts';

test('AES-KW agrees with Wycheproof', async () => {
  const cases = wycheproof.aes_wrap_256.testGroups.flatMap((group) => group.tests);
  let unwrapped = 0;
  for (const { key, msg, ct, result, comment } of cases) {
    const opened = await unwrapKey(fromHex(key), fromHex(ct));
    if (result !== 'valid') expect(opened, comment).toBeUndefined();
    else {
      expect(opened && toHex(opened)).toBe(msg);
      expect(toHex(await wrapKey(fromHex(key), fromHex(msg)))).toBe(ct);
      unwrapped += 1;
    }
  }
  expect([cases.length, unwrapped]).toEqual([16, 4]);
});

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

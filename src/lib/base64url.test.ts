import { expect, test } from 'vitest';
import { fromAnyBase64, fromBase64Url, toBase64Url } from './base64url.ts';

test('bytes of every length come back', () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const text = toBase64Url(bytes);
    expect(fromBase64Url(text)).toEqual(bytes);
    expect(fromAnyBase64(btoa(String.fromCharCode(...bytes)))).toEqual(bytes);
  }
  const large = new Uint8Array(100_000).fill(0xfb);
  expect(fromBase64Url(toBase64Url(large))).toEqual(large);
});

test('strict takes one spelling only', () => {
  expect(fromBase64Url('-_8')).toEqual(Uint8Array.of(0xfb, 0xff));
  for (const text of ['+_8', '-/8', '-_8=', '-_9', '-_A B', 'A', 'AB', '\n', 'AAAAA', 'é'])
    expect(fromBase64Url(text), text).toBeUndefined();
});

test('lenient takes both alphabets and padding, no more', () => {
  for (const text of ['-_8', '+/8', '-_8=', '+/8=']) expect(fromAnyBase64(text)).toHaveLength(2);
  for (const text of ['A', '=', '-_8===', '-_ 8', '\n'])
    expect(fromAnyBase64(text)?.length ?? 0, text).toBe(0);
});

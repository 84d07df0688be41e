import { createDecipheriv, hkdfSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from '../../lib/base64url.ts';
import { linkIdOf, newLinkSecret, openLink, sealLink } from './seal.ts';

const JSON_TEXT = '{"type":"https://didcomm.org/out-of-band/2.0/invitation","id":"1"}';
const bytesOf = (text: string) => fromBase64Url(text) ?? new Uint8Array();
const derived = (secret: string, info: string, length: number) =>
  new Uint8Array(hkdfSync('sha256', bytesOf(secret), '', info, length));

test('id, key and content are what the description says, by another implementation', async () => {
  const secret = newLinkSecret();
  expect(secret).toMatch(/^[\w-]{43}$/);
  const sealed = await sealLink(secret, JSON_TEXT);
  const idBytes = derived(secret, 'parley/i/id', 16);
  expect(sealed?.id).toBe(toBase64Url(idBytes));
  expect(await linkIdOf(secret)).toBe(sealed?.id);
  const content = bytesOf(sealed?.content ?? '');
  const key = derived(secret, 'parley/i/key', 32);
  const decipher = createDecipheriv('aes-256-gcm', key, content.subarray(0, 12));
  decipher.setAAD(idBytes);
  decipher.setAuthTag(content.subarray(-16));
  const opened = decipher.update(content.subarray(12, -16), undefined, 'utf8');
  expect(opened + decipher.final('utf8')).toBe(JSON_TEXT.padEnd(1024 - 28));
});

test.each([
  [1, 1024],
  [996, 1024],
  [997, 2048],
  [4068, 4096],
])('a text of %d bytes takes %d', async (length, size) => {
  const secret = newLinkSecret();
  const sealed = await sealLink(secret, 'x'.repeat(length));
  const content = bytesOf(sealed?.content ?? '');
  expect(content.length).toBe(size);
  expect(await openLink(secret, content)).toBe('x'.repeat(length));
});

test('a text that needs a fifth step is not sealed', async () => {
  expect(await sealLink(newLinkSecret(), 'x'.repeat(4069))).toBeUndefined();
});

test('the same text is sealed anew each time', async () => {
  const secret = newLinkSecret();
  const [one, two] = await Promise.all([sealLink(secret, JSON_TEXT), sealLink(secret, JSON_TEXT)]);
  expect(one?.id).toBe(two?.id);
  expect(one?.content).not.toBe(two?.content);
});

test('content that was changed, cut, grown or sealed by another secret does not open', async () => {
  const secret = newLinkSecret();
  const sealed = await sealLink(secret, JSON_TEXT);
  const content = bytesOf(sealed?.content ?? '');
  for (const at of [0, 11, 12, 500, 1023]) {
    const changed = content.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await openLink(secret, changed), `byte ${at}`).toBeUndefined();
  }
  expect(await openLink(secret, content.slice(0, 1023))).toBeUndefined();
  expect(await openLink(secret, new Uint8Array())).toBeUndefined();
  expect(await openLink(secret, new Uint8Array(5000))).toBeUndefined();
  expect(await openLink(newLinkSecret(), content)).toBeUndefined();
});

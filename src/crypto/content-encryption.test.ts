import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomBytes } from '../lib/bytes.ts';
import { contentCiphers, isContentCipherName } from './content-encryption.ts';

const names = ['A256CBC-HS512', 'A256GCM', 'XC20P'] as const;

const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((data) => Uint8Array.from(data));

test.each(names)('%s: what is sealed opens, and one flipped bit closes it', async (name) => {
  const cipher = contentCiphers[name];
  await fc.assert(
    fc.asyncProperty(
      bytes(300),
      bytes(60),
      fc.constantFrom('key', 'iv', 'aad', 'ciphertext', 'tag'),
      fc.nat(),
      async (plaintext, aad, part, at) => {
        const key = randomBytes(cipher.keyLength);
        const iv = randomBytes(cipher.ivLength);
        const sealed = await cipher.seal(key, iv, aad, plaintext);
        expect(sealed.tag).toHaveLength(cipher.tagLength);
        expect(await cipher.open(key, iv, aad, sealed)).toEqual(plaintext);
        const parts = { key, iv, aad, ...sealed };
        const target = parts[part].slice();
        if (target.length === 0) return;
        // The second half of a CBC key is bound by no tag: another one gives other bytes, if its padding fits.
        const isHalf = name === 'A256CBC-HS512' && part === 'key';
        const bit = at % (target.length * (isHalf ? 4 : 8));
        target[bit >> 3]! ^= 1 << (bit & 7);
        const altered = { ...parts, [part]: target };
        expect(await cipher.open(altered.key, altered.iv, altered.aad, altered)).toBeUndefined();
      },
    ),
    { numRuns: 60 },
  );
});

test('names outside the table are none', () => {
  for (const name of ['A128GCM', 'toString', '', undefined, null, {}])
    expect(isContentCipherName(name)).toBe(false);
});

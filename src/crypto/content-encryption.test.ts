import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomBytes } from '../lib/bytes.ts';
import { fromHex, toHex } from '../testing/hex.ts';
import wycheproof from '../testing/vectors/wycheproof.json' with { type: 'json' };
import { contentCiphers, isContentCipherName } from './content-encryption.ts';

const suites = [
  { name: 'A256CBC-HS512', groups: wycheproof.a256cbc_hs512.testGroups, counts: [10, 7] },
  { name: 'A256GCM', groups: wycheproof.aes_gcm_256_iv96.testGroups, counts: [8, 6] },
  { name: 'XC20P', groups: wycheproof.xchacha20_poly1305.testGroups, counts: [13, 11] },
] as const;

test.each(suites)('$name agrees with Wycheproof', async ({ name, groups, counts }) => {
  const cipher = contentCiphers[name];
  // Nonces of other lengths never reach a cipher: the envelope's parser refuses them.
  const cases = groups
    .flatMap((group) => group.tests)
    .filter(({ iv }) => iv.length === cipher.ivLength * 2);
  let opened = 0;
  for (const { key, iv, aad, msg, ct, tag, result, comment } of cases) {
    const sealed = { ciphertext: fromHex(ct), tag: fromHex(tag) };
    const plaintext = await cipher.open(fromHex(key), fromHex(iv), fromHex(aad), sealed);
    if (result !== 'valid') expect(plaintext, comment).toBeUndefined();
    else {
      expect(plaintext && toHex(plaintext), comment).toBe(msg);
      const again = await cipher.seal(fromHex(key), fromHex(iv), fromHex(aad), fromHex(msg));
      expect([toHex(again.ciphertext), toHex(again.tag)]).toEqual([ct, tag]);
      opened += 1;
    }
  }
  expect([cases.length, opened]).toEqual(counts);
});

const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((data) => Uint8Array.from(data));

test.each(suites)(
  '$name: what is sealed opens, and one flipped bit closes it',
  async ({ name }) => {
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
          const bit = at % (target.length * 8);
          target[bit >> 3]! ^= 1 << (bit & 7);
          const altered = { ...parts, [part]: target };
          expect(await cipher.open(altered.key, altered.iv, altered.aad, altered)).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  },
);

test('names outside the table are none', () => {
  for (const name of ['A128GCM', 'toString', '', undefined, null, {}])
    expect(isContentCipherName(name)).toBe(false);
});

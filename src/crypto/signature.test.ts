import { expect, test } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { fromHex } from '../testing/hex.ts';
import wycheproof from '../testing/vectors/wycheproof.json' with { type: 'json' };
import { generateSigningKeys } from './keys.ts';
import { signEd25519, verifyEd25519 } from './signature.ts';

test('Ed25519 agrees with Wycheproof', async () => {
  let valid = 0;
  let invalid = 0;
  for (const { publicKey, tests } of wycheproof.ed25519.testGroups)
    for (const { msg, sig, result, comment } of tests) {
      const verified = await verifyEd25519(fromHex(publicKey.pk), fromHex(sig), fromHex(msg));
      expect(verified, comment).toBe(result === 'valid');
      if (verified) valid += 1;
      else invalid += 1;
    }
  expect([valid, invalid]).toEqual([6, 13]);
});

test('a signature holds for its key and data only; a key off the curve verifies nothing', async () => {
  const own = await generateSigningKeys();
  const other = await generateSigningKeys();
  const signature = await signEd25519(own.privateKey, utf8('yes'));
  expect(await verifyEd25519(own.publicBytes, signature, utf8('yes'))).toBe(true);
  expect(await verifyEd25519(own.publicBytes, signature, utf8('no'))).toBe(false);
  expect(await verifyEd25519(other.publicBytes, signature, utf8('yes'))).toBe(false);
  expect(await verifyEd25519(new Uint8Array(32).fill(0xff), signature, utf8('yes'))).toBe(false);
});

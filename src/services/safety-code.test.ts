import { expect, test } from 'vitest';
import { createPeer4 } from '../did/peer4-create.ts';
import { newPeer } from '../testing/peer.ts';
import { safetyCode } from './safety-code.ts';

test('six groups of five digits, the same from either side, another for anybody else', async () => {
  const [alice, bob, mallory] = await Promise.all([newPeer(), newPeer(), newPeer()]);
  const code = await safetyCode(alice.did, bob.did);
  expect(code).toHaveLength(6);
  for (const group of code) expect(group).toMatch(/^\d{5}$/);
  expect(await safetyCode(bob.did, alice.did)).toEqual(code);
  expect(await safetyCode(alice.did, mallory.did)).not.toEqual(code);
});

test('as it always was: 30 bytes of SHA-256("did:example:a LF did:example:b")', async () => {
  // printf 'did:example:a\ndid:example:b' | sha256sum, each ten hex digits modulo 100000
  expect(await safetyCode('did:example:b', 'did:example:a')).toEqual([
    '11907',
    '15036',
    '93523',
    '54772',
    '32263',
    '00415',
  ]);
});

test('the two forms of a did:peer:4 make one code', async () => {
  const [alice, bob] = await Promise.all([newPeer(), newPeer()]);
  const { long, short } = await createPeer4({
    agreement: bob.agreement.publicBytes,
    signing: bob.signing.publicBytes,
    services: [],
  });
  expect(await safetyCode(alice.did, long)).toEqual(await safetyCode(alice.did, short));
});

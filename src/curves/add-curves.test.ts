import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../testing/hex.ts';
import wycheproof from '../testing/vectors/wycheproof.json' with { type: 'json' };

// The module is compiled against src/platform.d.ts alone; the DOM types of tests say more than that.
const path = './add-curves.ts';
const { addCurves } = (await import(path)) as { addCurves: (subtle: SubtleCrypto) => void };

const { subtle } = crypto;
const X25519 = { name: 'X25519' };
const Ed25519 = { name: 'Ed25519' };
const wrapping = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
  'wrapKey',
  'unwrapKey',
]);
const by = { name: 'AES-GCM', iv: new Uint8Array(12) };

/** Made by the browser's own curves, before ours take their place. */
const before = {
  agreement: (await subtle.generateKey(X25519, true, ['deriveBits'])) as CryptoKeyPair,
  signing: (await subtle.generateKey(Ed25519, true, ['sign', 'verify'])) as CryptoKeyPair,
};
const wrapped = {
  agreement: await subtle.wrapKey('pkcs8', before.agreement.privateKey, wrapping, by),
  signing: await subtle.wrapKey('pkcs8', before.signing.privateKey, wrapping, by),
};
const raw = {
  agreement: await subtle.exportKey('raw', before.agreement.publicKey),
  signing: await subtle.exportKey('raw', before.signing.publicKey),
};

beforeAll(() => addCurves(crypto.subtle));
afterAll(() => {
  for (const name of Object.keys(Object.getOwnPropertyDescriptors(crypto.subtle)))
    Reflect.deleteProperty(crypto.subtle, name);
});

const importRaw = (bytes: BufferSource, algorithm: { name: string }, usages: KeyUsage[]) =>
  subtle.importKey('raw', bytes, algorithm, true, usages);

describe('rows of a browser that has the curves', () => {
  test('an agreement key opens and agrees on the same secret', async () => {
    const key = await subtle.unwrapKey('pkcs8', wrapped.agreement, wrapping, by, X25519, false, [
      'deriveBits',
    ]);
    const other = (await subtle.generateKey(X25519, true, ['deriveBits'])) as CryptoKeyPair;
    const mine = await importRaw(raw.agreement, X25519, []);
    const one = await subtle.deriveBits({ ...X25519, public: other.publicKey }, key, 256);
    const two = await subtle.deriveBits({ ...X25519, public: mine }, other.privateKey, 256);
    expect(toHex(new Uint8Array(one))).toBe(toHex(new Uint8Array(two)));
  });
  test('a signing key opens and signs what its public key verifies', async () => {
    const key = await subtle.unwrapKey('pkcs8', wrapped.signing, wrapping, by, Ed25519, false, [
      'sign',
    ]);
    const publicKey = await importRaw(raw.signing, Ed25519, ['verify']);
    const data = new TextEncoder().encode('hello');
    const signature = new Uint8Array(await subtle.sign('Ed25519', key, data));
    expect(await subtle.verify('Ed25519', publicKey, signature, data)).toBe(true);
    const altered = signature.with(0, (signature[0] ?? 0) ^ 1);
    expect(await subtle.verify('Ed25519', publicKey, altered, data)).toBe(false);
    await expect(subtle.exportKey('pkcs8', key)).rejects.toThrow('InvalidAccessError');
  });
  test('what is wrapped here is what the browser would have wrapped', async () => {
    const key = await subtle.unwrapKey('pkcs8', wrapped.agreement, wrapping, by, X25519, true, [
      'deriveBits',
    ]);
    const again = await subtle.wrapKey('pkcs8', key, wrapping, by);
    expect(toHex(new Uint8Array(again))).toBe(toHex(new Uint8Array(wrapped.agreement)));
  });
});

test('Ed25519 agrees with Wycheproof', async () => {
  let agreed = 0;
  for (const group of wycheproof.ed25519.testGroups) {
    const key = await importRaw(fromHex(group.publicKey.pk), Ed25519, ['verify']);
    for (const { msg, sig, result, comment } of group.tests) {
      const verified = await subtle.verify('Ed25519', key, fromHex(sig), fromHex(msg));
      expect(verified, comment).toBe(result === 'valid');
      agreed += 1;
    }
  }
  expect(agreed).toBe(19);
});

test('other algorithms stay with the browser', async () => {
  const key = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
  expect(await subtle.sign('HMAC', key, new Uint8Array(3))).toHaveProperty('byteLength', 32);
  const ecdh = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  expect((await subtle.exportKey('raw', ecdh.publicKey)).byteLength).toBe(65);
});

test('bytes that are no key, and points of small order, are refused by name', async () => {
  await expect(importRaw(new Uint8Array(31), X25519, [])).rejects.toMatchObject({
    name: 'DataError',
  });
  const { privateKey } = (await subtle.generateKey(X25519, true, ['deriveBits'])) as CryptoKeyPair;
  const zero = await importRaw(new Uint8Array(32), X25519, []);
  await expect(
    subtle.deriveBits({ ...X25519, public: zero }, privateKey, 256),
  ).rejects.toMatchObject({ name: 'OperationError' });
});

import { describe, expect, it } from 'vitest';
import type { Bytes } from '../lib/bytes.ts';
import { fromHex, toHex } from '../testing/hex.ts';
import {
  exportPkcs8,
  generateAgreementKeys,
  generateSigningKeys,
  importAgreementPrivate,
  importEd25519Public,
  importSigningPrivate,
  importX25519Public,
} from './keys.ts';

/** RFC 8410: the fixed bytes before the 32 of a private key; 6e is X25519, 70 is Ed25519. */
const pkcs8 = (algorithm: '6e' | '70', key: string) =>
  fromHex(`302e020100300506032b65${algorithm}04220420${key}`);

const agree = async (privateKey: CryptoKey, publicBytes: Bytes) =>
  toHex(
    await crypto.subtle.deriveBits(
      { name: 'X25519', public: await importX25519Public(publicBytes) },
      privateKey,
      256,
    ),
  );

describe('agreement keys', () => {
  it('agree as RFC 7748 section 6.1 prints', async () => {
    const alice = await importAgreementPrivate(
      pkcs8('6e', '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
    );
    const bobPublic = fromHex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
    expect(await agree(alice, bobPublic)).toBe(
      '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
    );
  });

  it('never agree with a point of low order', async () => {
    const { privateKey } = await generateAgreementKeys();
    await expect(agree(privateKey, new Uint8Array(32))).rejects.toThrow();
  });

  it('survive storage as PKCS #8 and come back locked in', async () => {
    const [alice, bob] = await Promise.all([generateAgreementKeys(), generateAgreementKeys()]);
    expect(alice.publicBytes).toHaveLength(32);
    expect(alice.privateKey.extractable).toBe(true);
    const stored = await importAgreementPrivate(await exportPkcs8(alice.privateKey));
    expect(stored.extractable).toBe(false);
    await expect(exportPkcs8(stored)).rejects.toThrow();
    expect(await agree(stored, bob.publicBytes)).toBe(
      await agree(bob.privateKey, alice.publicBytes),
    );
  });
});

describe('signing keys', () => {
  it('sign as RFC 8032 section 7.1, test 1, prints', async () => {
    const key = await importSigningPrivate(
      pkcs8('70', '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'),
    );
    expect(key.extractable).toBe(false);
    const signature = await crypto.subtle.sign('Ed25519', key, new Uint8Array());
    expect(toHex(signature)).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  it('survive storage as PKCS #8 and verify with the public bytes', async () => {
    const pair = await generateSigningKeys();
    expect(pair.publicBytes).toHaveLength(32);
    const stored = await importSigningPrivate(await exportPkcs8(pair.privateKey));
    const text = new Uint8Array([1, 2, 3]);
    const signature = await crypto.subtle.sign('Ed25519', stored, text);
    const verifier = await importEd25519Public(pair.publicBytes);
    expect(await crypto.subtle.verify('Ed25519', verifier, signature, text)).toBe(true);
    text[0] = 9;
    expect(await crypto.subtle.verify('Ed25519', verifier, signature, text)).toBe(false);
  });
});

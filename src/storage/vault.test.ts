import { beforeAll, describe, expect, it } from 'vitest';
import { generateAgreementKeys, generateSigningKeys } from '../crypto/keys.ts';
import { openDevice, type Device } from './device.ts';
import type { KeyWrapper } from './private-keys.ts';
import { openVault, type Vault } from './vault.ts';
import { createWalletKeys } from './wallet-keys.ts';

let vault: Vault;
let device: Device;
const KID = 'did:peer:2.Ez6LS#key-1';

beforeAll(async () => {
  const record = await createWalletKeys();
  const opening = await openVault(record);
  if (opening.kind !== 'ok') throw new Error('locked');
  vault = opening.vault;
  device = await openDevice(record);
});

const wrappers = (): KeyWrapper[] => [vault, device];

describe('wrapped private keys', () => {
  it('agree as before and cannot be exported', async () => {
    const peer = await generateAgreementKeys();
    const agree = async (privateKey: CryptoKey, publicBytes: Uint8Array<ArrayBuffer>) => {
      const imported = await crypto.subtle.importKey('raw', publicBytes, 'X25519', true, []);
      const agreement = { name: 'X25519', public: imported };
      return new Uint8Array(await crypto.subtle.deriveBits(agreement, privateKey, 256));
    };
    for (const wrapper of wrappers()) {
      const own = await generateAgreementKeys();
      const wrapped = await wrapper.wrapPrivateKey(KID, own.privateKey);
      const key = await wrapper.unwrapAgreementKey(KID, wrapped);
      expect(key.extractable).toBe(false);
      expect(key.usages).toEqual(['deriveBits']);
      await expect(crypto.subtle.exportKey('pkcs8', key)).rejects.toThrow();
      expect(await agree(key, peer.publicBytes)).toEqual(
        await agree(peer.privateKey, own.publicBytes),
      );
    }
  });

  it('sign as before and cannot be exported', async () => {
    const text = new Uint8Array([1, 2, 3]);
    for (const wrapper of wrappers()) {
      const own = await generateSigningKeys();
      const wrapped = await wrapper.wrapPrivateKey(KID, own.privateKey);
      const key = await wrapper.unwrapSigningKey(KID, wrapped);
      expect(key.extractable).toBe(false);
      expect(key.usages).toEqual(['sign']);
      await expect(crypto.subtle.exportKey('pkcs8', key)).rejects.toThrow();
      const signature = await crypto.subtle.sign('Ed25519', key, text);
      const verifier = await crypto.subtle.importKey('raw', own.publicBytes, 'Ed25519', true, [
        'verify',
      ]);
      expect(await crypto.subtle.verify('Ed25519', verifier, signature, text)).toBe(true);
    }
  });

  it('open under their own kid and in their own domain only', async () => {
    const own = await generateAgreementKeys();
    const wrapped = await vault.wrapPrivateKey(KID, own.privateKey);
    await expect(vault.unwrapAgreementKey(`${KID}0`, wrapped)).rejects.toThrow();
    await expect(device.unwrapAgreementKey(KID, wrapped)).rejects.toThrow();
    const altered = wrapped.slice();
    altered[40]! ^= 1;
    await expect(vault.unwrapAgreementKey(KID, altered)).rejects.toThrow();
    await expect(vault.unwrapSigningKey(KID, wrapped)).rejects.toThrow();
  });

  it('show nothing of the key', async () => {
    const { privateKey } = await generateAgreementKeys();
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey));
    for (const wrapper of wrappers()) {
      const wrapped = Buffer.from(await wrapper.wrapPrivateKey(KID, privateKey));
      expect(wrapped).toHaveLength(12 + pkcs8.length + 16);
      expect(wrapped.includes(pkcs8.subarray(-32))).toBe(false);
    }
  });
});

describe('blinded hashes', () => {
  it('are the same for the same text and table', async () => {
    const hash = await vault.blind('contacts', 'did:peer:2.x');
    expect(hash).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await vault.blind('contacts', 'did:peer:2.x')).toBe(hash);
  });

  it('differ between texts, tables and wallets', async () => {
    const other = await openVault(await createWalletKeys());
    if (other.kind !== 'ok') throw new Error('locked');
    const hashes = [
      await vault.blind('contacts', 'did:peer:2.x'),
      await vault.blind('contacts', 'did:peer:2.y'),
      await vault.blind('keys', 'did:peer:2.x'),
      await vault.blind('contacts', ''),
      await other.vault.blind('contacts', 'did:peer:2.x'),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('the transport hash of the device', () => {
  it('depends on the bytes and the device', async () => {
    const other = await openDevice(await createWalletKeys());
    const data = new Uint8Array([1, 2, 3]);
    const mac = await device.mac(data);
    expect(mac).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await device.mac(data.slice())).toBe(mac);
    expect(await device.mac(new Uint8Array([1, 2]))).not.toBe(mac);
    expect(await other.mac(data)).not.toBe(mac);
  });
});

import { Buffer } from 'node:buffer';
import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
} from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKeys } from '../crypto/keys.ts';
import { openDevice, type Device } from './device.ts';
import { openVault, type Vault } from './vault.ts';
import { createWalletKeys, type WalletKeysRecord } from './wallet-keys.ts';

// Reads what lies on disk with another library (OpenSSL through node:crypto), step by step as
// "[Note: Sealed row]" and the key hierarchy say. A change that fails here strands existing wallets.

function gcmOpen(key: Uint8Array, iv: Uint8Array, ciphertextAndTag: Uint8Array, aad: string) {
  const decipher = createDecipheriv('aes-256-gcm', key, iv);
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(ciphertextAndTag.subarray(-16));
  return Buffer.concat([decipher.update(ciphertextAndTag.subarray(0, -16)), decipher.final()]);
}

function jsonOf(padded: Buffer): unknown {
  const end = 4 + padded.readUInt32BE(0);
  expect(padded.subarray(end).every((byte) => byte === 0)).toBe(true);
  return JSON.parse(padded.subarray(4, end).toString('utf8'));
}

let record: WalletKeysRecord;
let vault: Vault;
let device: Device;
let deviceKey: Uint8Array;
let deviceMac: Uint8Array;
let vaultKey: Buffer;

const derived = (info: string) =>
  Buffer.from(hkdfSync('sha256', vaultKey, record.vaultId, info, 32));

beforeAll(async () => {
  record = await createWalletKeys('raw');
  if (record.device.kind !== 'raw') throw new Error('raw was asked for');
  deviceKey = record.device.key;
  deviceMac = record.device.mac;
  const opening = await openVault(record);
  if (opening.kind !== 'ok') throw new Error('locked');
  vault = opening.vault;
  device = await openDevice(record);
  const slot = record.slots[0]!;
  const kdfHash = createHash('sha256').digest('base64url');
  const aad = `dw1|slot|${slot.id}|device|1|${kdfHash}`;
  vaultKey = gcmOpen(deviceKey, slot.wrapped.subarray(0, 12), slot.wrapped.subarray(12), aad);
});

describe('the format on disk', () => {
  it('keeps a vault key of 32 bytes in the device slot', () => {
    expect(vaultKey).toHaveLength(32);
    expect(record.slots).toHaveLength(1);
  });

  it('seals rows of the vault under a key of their table', async () => {
    const row = await vault.seal('messages', 'row-id', { text: 'héllo' });
    expect([...row.subarray(0, 4)]).toEqual([1, 1, 0, 1]);
    const key = derived('dw1/row/messages/g1');
    const aad = 'dw1|messages|row-id|1|1';
    const padded = gcmOpen(key, row.subarray(4, 16), row.subarray(16), aad);
    expect(padded).toHaveLength(64);
    expect(jsonOf(padded)).toEqual({ text: 'héllo' });
  });

  it('seals rows of the device under the device key', async () => {
    const row = await device.seal('outbox', 'row-id', [1]);
    expect([...row.subarray(0, 4)]).toEqual([1, 1, 0, 1]);
    const aad = 'dw1|outbox|row-id|1|1';
    expect(jsonOf(gcmOpen(deviceKey, row.subarray(4, 16), row.subarray(16), aad))).toEqual([1]);
  });

  it('blinds by HMAC-SHA-256 under a key of the table, cut to 16 bytes', async () => {
    const mac = createHmac('sha256', derived('dw1/idx/contacts')).update('did:x:1').digest();
    expect(await vault.blind('contacts', 'did:x:1')).toBe(mac.toString('base64url', 0, 16));
    const transport = createHmac('sha256', deviceMac).update('abc').digest();
    expect(await device.mac(new Uint8Array(Buffer.from('abc')))).toBe(
      transport.toString('base64url', 0, 16),
    );
  });

  it('wraps private keys as PKCS #8 with the kid as AAD', async () => {
    const { privateKey } = await generateSigningKeys();
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey));
    const byVault = await vault.wrapPrivateKey('kid', privateKey);
    const byDevice = await device.wrapPrivateKey('kid', privateKey);
    const wrappingKey = derived('dw1/keywrap');
    expect(gcmOpen(wrappingKey, byVault.subarray(0, 12), byVault.subarray(12), 'kid')).toEqual(
      pkcs8,
    );
    expect(gcmOpen(deviceKey, byDevice.subarray(0, 12), byDevice.subarray(12), 'kid')).toEqual(
      pkcs8,
    );
  });

  it('seals arrivals to the inbox key, whose private half the vault wraps', async () => {
    const { wrappedPrivate, publicBytes } = record.inbox;
    const wrappingKey = derived('dw1/inboxpriv');
    const pkcs8 = gcmOpen(
      wrappingKey,
      wrappedPrivate.subarray(0, 12),
      wrappedPrivate.subarray(12),
      'dw1|inboxpriv|1',
    );
    const row = await device.sealInbox('row-id', 'jwe');
    expect([...row.subarray(0, 4)]).toEqual([1, 2, 0, 1]);
    const ephemeral = row.subarray(16, 48);
    const x = Buffer.from(ephemeral).toString('base64url');
    const secret = diffieHellman({
      privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
      publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' }),
    });
    const info = Buffer.concat([Buffer.from('dw1/inbox'), ephemeral, publicBytes]);
    const key = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), info, 32));
    const padded = gcmOpen(key, row.subarray(4, 16), row.subarray(48), 'dw1|inbox|row-id|1|1');
    expect(jsonOf(padded)).toBe('jwe');
  });
});

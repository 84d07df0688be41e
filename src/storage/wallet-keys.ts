import { generateAgreementKeys } from '../crypto/keys.ts';
import { randomBytes, utf8, type Bytes } from '../lib/bytes.ts';
import { newRowId } from '../lib/ids.ts';
import { deriveAesKey, type VaultHandle } from './derive.ts';
import type { InboxPublicKey } from './inbox-seal.ts';
import { unwrapAgreementKey, wrapPkcs8 } from './private-keys.ts';
import { fillSlot, type Slot } from './slots.ts';

/**
 * The device's own two keys, usable while the vault is locked. `key`: AES-256-GCM; `mac`: HMAC-SHA-256.
 * `handles` are non-extractable CryptoKeys. `raw` is for browsers whose IndexedDB takes no CryptoKey (iOS in
 * Lockdown mode or private browsing): 32 bytes each, which script can read, so the person is told of
 * reduced protection.
 */
export type DeviceKeys =
  | {
      readonly kind: 'handles';
      readonly gen: number;
      readonly key: CryptoKey;
      readonly mac: CryptoKey;
    }
  | { readonly kind: 'raw'; readonly gen: number; readonly key: Bytes; readonly mac: Bytes };

/** All keys of a wallet as they lie on disk. Holds no X25519 CryptoKey (see private-keys.ts). */
export interface WalletKeysRecord {
  readonly id: 'keys';
  /** Random, 16 bytes: the salt of everything derived from the vault key. */
  readonly vaultId: Bytes;
  /** Generation of the vault key. */
  readonly gen: number;
  readonly device: DeviceKeys;
  /** The key arrivals are sealed to; the private half is wrapped by the vault. */
  readonly inbox: InboxPublicKey & { readonly wrappedPrivate: Bytes };
  readonly slots: readonly Slot[];
}

const FIRST_GENERATION = 1;

/** Makes all keys of a new wallet, with a device slot only ("No lock"). */
export async function createWalletKeys(
  protection: DeviceKeys['kind'] = 'handles',
): Promise<WalletKeysRecord> {
  const gen = FIRST_GENERATION;
  const vaultId = randomBytes(16);
  const device = protection === 'raw' ? rawDeviceKeys() : await deviceKeyHandles();
  const { key: deviceKey } = await useDeviceKeys(device);
  const vaultKeyBytes = randomBytes(32);
  try {
    const terms = { id: newRowId(), kind: 'device', vkGen: gen, kdfParams: '' } as const;
    const slot = await fillSlot(deviceKey, terms, vaultKeyBytes);
    const key = await crypto.subtle.importKey('raw', vaultKeyBytes, 'HKDF', false, ['deriveKey']);
    const inbox = await createInboxKey({ key, vaultId, gen });
    return { id: 'keys', vaultId, gen, device, inbox, slots: [slot] };
  } finally {
    vaultKeyBytes.fill(0);
  }
}

const DEVICE_KEY_USAGES = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] as const;

async function deviceKeyHandles(): Promise<DeviceKeys> {
  const key = await crypto.subtle.generateKey(
    { name: 'AES-GCM', length: 256 },
    false,
    DEVICE_KEY_USAGES,
  );
  const mac = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return { kind: 'handles', gen: FIRST_GENERATION, key, mac };
}

const rawDeviceKeys = (): DeviceKeys => ({
  kind: 'raw',
  gen: FIRST_GENERATION,
  key: randomBytes(32),
  mac: randomBytes(32),
});

/** The device keys as non-extractable handles, however they are stored. */
export async function useDeviceKeys(
  device: DeviceKeys,
): Promise<{ readonly key: CryptoKey; readonly mac: CryptoKey }> {
  if (device.kind === 'handles') return device;
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return {
    key: await crypto.subtle.importKey('raw', device.key, 'AES-GCM', false, DEVICE_KEY_USAGES),
    mac: await crypto.subtle.importKey('raw', device.mac, hmac, false, ['sign']),
  };
}

async function createInboxKey(vault: VaultHandle): Promise<WalletKeysRecord['inbox']> {
  const { publicBytes, privateKey } = await generateAgreementKeys();
  const gen = FIRST_GENERATION;
  const wrappingKey = await deriveInboxWrappingKey(vault);
  const wrappedPrivate = await wrapPkcs8(wrappingKey, inboxAad(gen), privateKey);
  return { gen, publicBytes, wrappedPrivate };
}

/** The inbox private key, for the vault alone. Throws when the record is of another vault. */
export const unwrapInboxKey = async (
  vault: VaultHandle,
  inbox: WalletKeysRecord['inbox'],
): Promise<CryptoKey> =>
  unwrapAgreementKey(
    await deriveInboxWrappingKey(vault),
    inboxAad(inbox.gen),
    inbox.wrappedPrivate,
  );

const deriveInboxWrappingKey = (vault: VaultHandle): Promise<CryptoKey> =>
  deriveAesKey(vault, 'dw1/inboxpriv', ['wrapKey', 'unwrapKey']);

const inboxAad = (gen: number): Bytes => utf8(`dw1|inboxpriv|${gen}`);

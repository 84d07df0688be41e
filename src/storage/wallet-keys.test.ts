import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it, vi } from 'vitest';
import { openDevice } from './device.ts';
import { fillSlot, openSlot } from './slots.ts';
import { openVault, type Vault } from './vault.ts';
import { createWalletKeys, type WalletKeysRecord } from './wallet-keys.ts';

const vaultOf = async (record: WalletKeysRecord): Promise<Vault> => {
  const opening = await openVault(record);
  if (opening.kind !== 'ok') throw new Error('locked');
  return opening.vault;
};

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('request failed'));
  });

async function throughIndexedDb(record: WalletKeysRecord): Promise<WalletKeysRecord> {
  const factory = new IDBFactory();
  const opening = factory.open('keys', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('meta', { keyPath: 'id' });
  const database = await settled(opening);
  await settled(database.transaction('meta', 'readwrite').objectStore('meta').put(record));
  database.close();
  const again = await settled(factory.open('keys', 1));
  const request: IDBRequest<unknown> = again.transaction('meta').objectStore('meta').get('keys');
  return (await settled(request)) as WalletKeysRecord;
}

function leavesOf(value: unknown): unknown[] {
  const isBranch =
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof CryptoKey) &&
    !ArrayBuffer.isView(value);
  return isBranch ? Object.values(value).flatMap(leavesOf) : [value];
}

describe('the record of keys', () => {
  it.each(['handles', 'raw'] as const)('survives storage with device keys as %s', async (form) => {
    const record = await createWalletKeys(form);
    const before = await vaultOf(record);
    const device = await openDevice(record);
    const row = await before.seal('contacts', 'id', 'Alice');
    const deviceRow = await device.seal('outbox', 'id', 'mail');
    const arrival = await device.sealInbox('id', 'jwe');
    const hash = await before.blind('contacts', 'did:peer:2.x');
    const mac = await device.mac(new Uint8Array([1, 2, 3]));

    for (const copy of [structuredClone(record), await throughIndexedDb(record)]) {
      expect(copy).not.toBe(record);
      const vault = await vaultOf(copy);
      const sameDevice = await openDevice(copy);
      expect(await vault.open('contacts', 'id', row)).toEqual({ kind: 'ok', value: 'Alice' });
      expect(await vault.openInbox('id', arrival)).toEqual({ kind: 'ok', value: 'jwe' });
      expect(await sameDevice.open('outbox', 'id', deviceRow)).toMatchObject({ value: 'mail' });
      expect(await vault.blind('contacts', 'did:peer:2.x')).toBe(hash);
      expect(await sameDevice.mac(new Uint8Array([1, 2, 3]))).toBe(mac);
    }
  });

  it('holds AES-GCM and HMAC keys only, none of them extractable', async () => {
    const leaves = leavesOf(await createWalletKeys());
    const keys = leaves.filter((leaf) => leaf instanceof CryptoKey);
    expect(keys.map((key) => key.algorithm.name).sort()).toEqual(['AES-GCM', 'HMAC']);
    for (const key of keys) {
      expect(key.extractable).toBe(false);
      await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
    }
  });

  it('as raw bytes holds no CryptoKey at all', async () => {
    const leaves = leavesOf(await createWalletKeys('raw'));
    expect(leaves.filter((leaf) => leaf instanceof CryptoKey)).toEqual([]);
  });

  it('leaves no vault key behind in memory', async () => {
    const random = vi.spyOn(crypto, 'getRandomValues');
    await createWalletKeys();
    const secrets = random.mock.calls.flatMap(([array]) =>
      array instanceof Uint8Array && array.length === 32 ? [array] : [],
    );
    random.mockRestore();
    expect(secrets).toEqual([new Uint8Array(32)]);
  });

  it('is new in every part each time', async () => {
    const [a, b] = [await createWalletKeys(), await createWalletKeys()];
    expect(a.vaultId).not.toEqual(b.vaultId);
    expect(a.inbox.publicBytes).not.toEqual(b.inbox.publicBytes);
    expect(a.slots[0]!.id).not.toBe(b.slots[0]!.id);
  });
});

describe('opening the vault', () => {
  it('stays locked for another device', async () => {
    const record = await createWalletKeys();
    const { device } = await createWalletKeys();
    expect(await openVault({ ...record, device })).toEqual({ kind: 'locked' });
  });

  it('stays locked without a device slot of the current generation', async () => {
    const record = await createWalletKeys();
    const slot = record.slots[0]!;
    const without = [[], [{ ...slot, kind: 'recovery' as const }], [{ ...slot, vkGen: 2 }]];
    for (const slots of without)
      expect(await openVault({ ...record, slots })).toEqual({ kind: 'locked' });
  });

  it('finds the device slot among others', async () => {
    const record = await createWalletKeys();
    const other = { ...record.slots[0]!, id: 'other', kind: 'passphrase' as const };
    expect((await openVault({ ...record, slots: [other, ...record.slots] })).kind).toBe('ok');
  });

  it('stays locked when the slot was altered', async () => {
    const record = await createWalletKeys();
    const slot = record.slots[0]!;
    const wrapped = slot.wrapped.slice();
    wrapped[20]! ^= 1;
    const altered = [
      { ...slot, wrapped },
      { ...slot, id: 'another' },
      { ...slot, kdfParams: '{}' },
      { ...slot, wrapped: slot.wrapped.slice(0, 30) },
      { ...slot, wrapped: new Uint8Array(0) },
    ];
    for (const bad of altered)
      expect(await openVault({ ...record, slots: [bad] })).toEqual({ kind: 'locked' });
  });
});

describe('a slot', () => {
  const openingKey = (bytes: Uint8Array<ArrayBuffer>) =>
    crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'unwrapKey']);
  const terms = { id: 's', kind: 'passphrase', vkGen: 1, kdfParams: '{"m":65536,"t":3}' } as const;

  it('opens with its key and its terms only', async () => {
    const key = await openingKey(new Uint8Array(32).fill(7));
    const slot = await fillSlot(key, terms, new Uint8Array(32).fill(9));
    const opened = await openSlot(key, slot);
    expect(opened?.algorithm.name).toBe('HKDF');
    expect(opened?.extractable).toBe(false);
    expect(await openSlot(await openingKey(new Uint8Array(32)), slot)).toBeUndefined();
    expect(await openSlot(key, { ...slot, kdfParams: '{"m":8,"t":1}' })).toBeUndefined();
    expect(await openSlot(key, { ...slot, kind: 'recovery' })).toBeUndefined();
    expect(await openSlot(key, { ...slot, vkGen: 2 })).toBeUndefined();
  });
});

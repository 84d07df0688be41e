import { describe, expect, it } from 'vitest';
import { establishWalletKeys, type WalletKeysStore } from './self-test.ts';
import { openVault } from './vault.ts';
import { createWalletKeys, type WalletKeysRecord } from './wallet-keys.ts';

/** A store that copies as IndexedDB does; `lose` alters what comes back of a record with CryptoKeys in it. */
function storeThat(
  put: (record: WalletKeysRecord) => void,
  lose: (record: WalletKeysRecord) => WalletKeysRecord | null = (record) => record,
): WalletKeysStore & { kept: WalletKeysRecord | undefined } {
  const store = {
    kept: undefined as WalletKeysRecord | undefined,
    put: async (record: WalletKeysRecord) => {
      put(record);
      store.kept = structuredClone(record);
    },
    readAfterReopening: async () =>
      store.kept?.device.kind === 'handles' ? lose(store.kept) : store.kept,
  };
  return store;
}

const refuseHandles = (record: WalletKeysRecord): void => {
  if (record.device.kind === 'handles') throw new DOMException('no keys here', 'DataCloneError');
};
const takeAll = (): void => undefined;

describe('establishing the keys of a wallet', () => {
  it('keeps non-extractable handles where the browser keeps them', async () => {
    const store = storeThat(takeAll);
    const record = await establishWalletKeys(store);
    expect(record.device.kind).toBe('handles');
    expect(store.kept?.vaultId).toEqual(record.vaultId);
    expect((await openVault(record)).kind).toBe('ok');
  });

  it('keeps raw bytes where CryptoKeys cannot be stored', async () => {
    const store = storeThat(refuseHandles);
    const record = await establishWalletKeys(store);
    expect(record.device.kind).toBe('raw');
    expect(store.kept?.vaultId).toEqual(record.vaultId);
    expect((await openVault(record)).kind).toBe('ok');
  });

  it('keeps raw bytes where CryptoKeys are taken and not given back', async () => {
    const record = await establishWalletKeys(storeThat(takeAll, () => null));
    expect(record.device.kind).toBe('raw');
  });

  it('keeps raw bytes where the keys that come back do not open anything', async () => {
    const { device } = await createWalletKeys();
    const record = await establishWalletKeys(storeThat(takeAll, (kept) => ({ ...kept, device })));
    expect(record.device.kind).toBe('raw');
  });

  it('throws where nothing is kept, and passes on every other failure of the database', async () => {
    const nothing: WalletKeysStore = { put: async () => {}, readAfterReopening: async () => null };
    await expect(establishWalletKeys(nothing)).rejects.toThrow('does not keep the keys');
    const full = storeThat(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(establishWalletKeys(full)).rejects.toThrow('full');
  });
});

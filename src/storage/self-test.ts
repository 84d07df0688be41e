import { openDevice } from './device.ts';
import { openVault } from './vault.ts';
import { createWalletKeys, type WalletKeysRecord } from './wallet-keys.ts';

/** Where the record of keys is kept. */
export interface WalletKeysStore {
  put(record: WalletKeysRecord): Promise<void>;
  /** Closes the database, opens it again and reads the record. */
  readAfterReopening(): Promise<WalletKeysRecord | null | undefined>;
}

/**
 * Makes the keys of a new wallet and proves, before anything depends on them, that this browser gives them
 * back in working order (rule K7). Where it does not keep CryptoKeys, the device keys are kept as raw bytes:
 * `device.kind` is then `raw`.
 * @returns the record as stored; throws when the browser keeps neither form
 */
export async function establishWalletKeys(store: WalletKeysStore): Promise<WalletKeysRecord> {
  for (const protection of ['handles', 'raw'] as const) {
    const record = await createWalletKeys(protection);
    if (await survives(store, record)) return record;
  }
  throw new Error('the database does not keep the keys of the wallet');
}

async function survives(store: WalletKeysStore, record: WalletKeysRecord): Promise<boolean> {
  try {
    await store.put(record);
  } catch (error) {
    if (error instanceof Error && error.name === 'DataCloneError') return false;
    throw error;
  }
  // WebKit is known to take a key that it cannot read back: the whole value is then null.
  const kept = await store.readAfterReopening();
  return kept ? opensTheSame(record, kept) : false;
}

/** Whether rows sealed before the record was stored open afterwards. */
async function opensTheSame(before: WalletKeysRecord, after: WalletKeysRecord): Promise<boolean> {
  const device = await openDevice(before);
  const opening = await openVault(after);
  if (opening.kind !== 'ok') return false;
  const sealed = await device.seal('meta', 'self-test', true);
  const arrival = await device.sealInbox('self-test', true);
  const opened = await (await openDevice(after)).open('meta', 'self-test', sealed);
  const openedArrival = await opening.vault.openInbox('self-test', arrival);
  return opened.kind === 'ok' && openedArrival.kind === 'ok';
}

import { utf8, type Bytes } from '../lib/bytes.ts';
import { deriveAesKey, deriveMacKey, type VaultHandle } from './derive.ts';
import { inboxOpener } from './inbox-seal.ts';
import { once, perName } from './key-cache.ts';
import { keyWrapper, type KeyWrapper } from './private-keys.ts';
import { shortMac } from './mac.ts';
import { rowSealer, type OpenedRow, type RowSealer } from './seal.ts';
import { openSlot } from './slots.ts';
import { unwrapInboxKey, useDeviceKeys, type WalletKeysRecord } from './wallet-keys.ts';

/**
 * What people own, while it is open: profile, contacts, their keys, messages, dedupe hashes, invitations,
 * intents, drafts, quarantine; and what arrived in the inbox.
 */
export interface Vault extends RowSealer, KeyWrapper {
  /** A keyed hash of the table, by which a row is found without its text lying open; 22 characters. */
  blind(table: string, text: string): Promise<string>;
  /** Opens what any `Device.sealInbox` of this wallet sealed. */
  openInbox(id: string, sealed: Bytes): Promise<OpenedRow>;
}

export type VaultOpening =
  | { readonly kind: 'ok'; readonly vault: Vault }
  /** No slot opens without the person. */
  | { readonly kind: 'locked' };

/** Opens the vault through the device slot, if there is one and it is this device's. */
export async function openVault(record: WalletKeysRecord): Promise<VaultOpening> {
  const slot = record.slots.find(({ kind, vkGen }) => kind === 'device' && vkGen === record.gen);
  if (!slot) return { kind: 'locked' };
  const { key: deviceKey } = await useDeviceKeys(record.device);
  const key = await openSlot(deviceKey, slot);
  if (!key) return { kind: 'locked' };
  const { vaultId, gen, inbox } = record;
  return { kind: 'ok', vault: vaultOf({ key, vaultId, gen }, inbox) };
}

function vaultOf(handle: VaultHandle, inbox: WalletKeysRecord['inbox']): Vault {
  const rowKey = perName((table) =>
    deriveAesKey(handle, `dw1/row/${table}/g${handle.gen}`, ['encrypt', 'decrypt']),
  );
  const indexKey = perName((table) => deriveMacKey(handle, `dw1/idx/${table}`));
  const wrappingKey = once(() => deriveAesKey(handle, 'dw1/keywrap', ['wrapKey', 'unwrapKey']));
  return {
    ...rowSealer(handle.gen, rowKey),
    ...keyWrapper(wrappingKey),
    blind: async (table, text) => shortMac(await indexKey(table), utf8(text)),
    openInbox: inboxOpener(
      inbox,
      once(() => unwrapInboxKey(handle, inbox)),
    ),
  };
}

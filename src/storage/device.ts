import type { Bytes } from '../lib/bytes.ts';
import { inboxSealer } from './inbox-seal.ts';
import { keyWrapper, type KeyWrapper } from './private-keys.ts';
import { shortMac } from './mac.ts';
import { rowSealer, type RowSealer } from './seal.ts';
import { useDeviceKeys, type WalletKeysRecord } from './wallet-keys.ts';

/**
 * What must work while the vault is locked: mediators and our keys towards them, outbox, jobs, transport
 * dedupe; and putting arrivals away unread.
 */
export interface Device extends RowSealer, KeyWrapper {
  /** A keyed hash for transport dedupe: 16 bytes as base64url, 22 characters. */
  mac(data: Bytes): Promise<string>;
  /** Seals an arrival so that only the vault opens it. */
  sealInbox(id: string, value: unknown): Promise<Bytes>;
}

export async function openDevice(record: WalletKeysRecord): Promise<Device> {
  const { key, mac } = await useDeviceKeys(record.device);
  const always = Promise.resolve(key);
  return {
    ...rowSealer(record.device.gen, () => always),
    ...keyWrapper(() => always),
    mac: (data) => shortMac(mac, data),
    sealInbox: inboxSealer(record.inbox),
  };
}

import type { Clock } from '../lib/clock.ts';
import type { EnvelopeEngine } from '../didcomm/engine.ts';
import type { Device } from '../storage/device.ts';
import { openDevice } from '../storage/device.ts';
import type { ParleyDb } from '../storage/schema.ts';
import { openVault, type Vault } from '../storage/vault.ts';
import { establishWalletKeys } from '../storage/self-test.ts';

/** The rows and keys of a wallet, open: what reading takes. Page and service worker each open their own. */
export interface OpenWallet extends WalletPorts {
  readonly vault: Vault;
  readonly device: Device;
}

/** The wallet of a page: what the person does is packed there, and nothing is ever unpacked. */
export interface PackingWallet extends OpenWallet {
  readonly engine: Pick<EnvelopeEngine, 'authcrypt' | 'anoncrypt'>;
}

/** The wallet of the service worker. */
export interface Wallet extends OpenWallet {
  readonly engine: EnvelopeEngine;
}

export interface WalletPorts {
  readonly db: ParleyDb;
  readonly clock: Clock;
}

export type OpenOutcome<P extends WalletPorts> =
  | { readonly kind: 'open'; readonly wallet: P & OpenWallet }
  /** No wallet on this device yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'locked' };

const KEYS_ROW = 'keys';
/** Holds new keys while it is tested whether this browser gives them back. */
const CANDIDATE_ROW = 'candidate';
const PROFILE_ROW = 'me';

/** @returns the wallet together with the ports that it was given */
export async function openWallet<P extends WalletPorts>(ports: P): Promise<OpenOutcome<P>> {
  const row = await ports.db.meta.get(KEYS_ROW);
  if (!row) return { kind: 'none' };
  const vault = await openVault(row.value);
  if (vault.kind === 'locked') return { kind: 'locked' };
  const device = await openDevice(row.value);
  return { kind: 'open', wallet: { ...ports, vault: vault.vault, device } };
}

/**
 * Makes the wallet: its keys, proved to survive in this browser, and its profile. A wallet that is there
 * already stays as it is.
 * @throws Error when the browser keeps no keys at all
 */
export async function createWallet<P extends WalletPorts>(
  ports: P,
  name: string,
): Promise<P & OpenWallet> {
  const { db } = ports;
  const record = await establishWalletKeys({
    put: async (candidate) => {
      await db.meta.put({ id: CANDIDATE_ROW, value: candidate });
    },
    readAfterReopening: async () => {
      db.close({ disableAutoOpen: false });
      return (await db.meta.get(CANDIDATE_ROW))?.value;
    },
  });
  const made = await openVault(record);
  if (made.kind === 'locked') throw new Error('a new wallet has its device slot');
  const x = await made.vault.seal('profile', PROFILE_ROW, { name });
  await db.transaction('rw', [db.meta, db.profile], async () => {
    await db.meta.delete(CANDIDATE_ROW);
    if (await db.meta.get(KEYS_ROW)) return;
    await db.meta.add({ id: KEYS_ROW, value: record });
    await db.profile.put({ id: PROFILE_ROW, x });
  });
  const opened = await openWallet(ports);
  if (opened.kind !== 'open') throw new Error('the wallet just made does not open');
  return opened.wallet;
}

export async function setProfileName(wallet: OpenWallet, name: string): Promise<void> {
  const x = await wallet.vault.seal('profile', PROFILE_ROW, { name });
  await wallet.db.profile.put({ id: PROFILE_ROW, x });
}

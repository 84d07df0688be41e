import { systemClock } from '../lib/clock.ts';
import { ParleyDb } from '../storage/schema.ts';
import {
  createWallet,
  openWallet,
  type OpenOutcome,
  type OpenWallet,
  type WalletPorts,
} from './wallet.ts';
import { toWorker, type PageToWorker } from './bus.ts';

/**
 * Composition root of the page: what the person does is written here, and the service worker is told.
 * No transport can be reached from it.
 */
export interface PageWallet {
  readonly db: ParleyDb;
  open(): Promise<OpenOutcome<WalletPorts>>;
  create(name: string): Promise<OpenWallet>;
  /** Tells the service worker; without one there is nobody to tell, and the next start does the work. */
  tell(type: PageToWorker['type']): void;
}

export function composePage(): PageWallet {
  const db = new ParleyDb();
  const ports = { db, clock: systemClock };
  return {
    db,
    open: () => openWallet(ports),
    create: (name) => createWallet(ports, name),
    tell: (type) => {
      if (!('serviceWorker' in navigator)) return;
      void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage(toWorker(type)));
    },
  };
}

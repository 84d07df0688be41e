import { create } from 'zustand';
import { cachingOpener } from '../storage/queries.ts';
import { composePage, type PageWallet } from '../services/page.ts';
import type { OpenWallet } from '../services/wallet.ts';
import type { BootFailure } from './views.ts';

/** The open wallet of this page, with a reader for its rows. */
export interface OpenSession {
  readonly wallet: OpenWallet;
  readonly openRow: ReturnType<typeof cachingOpener>;
  readonly tell: PageWallet['tell'];
}

type Session =
  | { readonly kind: 'loading' | 'new' }
  | { readonly kind: 'failed'; readonly code: BootFailure }
  | { readonly kind: 'ready'; readonly open: OpenSession };

/** Whether this page has the wallet open: of this page alone, so no row. */
export const useSession = create<Session>()(() => ({ kind: 'loading' }));

const page: PageWallet = composePage();

export const sessionDb = page.db;

/** @throws Error when called before the wallet is open: screens show only then. */
export function openSession(): OpenSession {
  const session = useSession.getState();
  if (session.kind !== 'ready') throw new Error('the wallet is not open');
  return session.open;
}

const ready = (wallet: OpenWallet): void =>
  useSession.setState(
    {
      kind: 'ready',
      open: { wallet, openRow: cachingOpener(wallet.vault), tell: (type) => page.tell(type) },
    },
    true,
  );

/** There is no going on: the screen says why. */
export const failed = (code: BootFailure): void =>
  useSession.setState({ kind: 'failed', code }, true);

/**
 * A cookie that says this browser once held a wallet. It outlives IndexedDB when a browser clears a
 * site's storage to make room, and so keeps an empty wallet from passing for a new one.
 */
const SENTINEL = 'parley-wallet=1';
const YEAR_SECONDS = 31_536_000;
const setSentinel = (): void => {
  document.cookie = `${SENTINEL}; max-age=${YEAR_SECONDS}; path=/; samesite=strict`;
};

/** Opens the wallet of this device, if there is one. */
export async function boot(): Promise<void> {
  if (!(await canRun())) {
    failed('unsupported-browser');
    return;
  }
  try {
    const opened = await page.open();
    if (opened.kind === 'open') {
      setSentinel();
      ready(opened.wallet);
    } else if (document.cookie.includes(SENTINEL)) failed('storage-lost');
    else useSession.setState({ kind: 'new' }, true);
  } catch (error) {
    failed(isNewerDatabase(error) ? 'storage-newer' : 'storage-unavailable');
    reportError(error);
  }
}

export async function makeWallet(name: string): Promise<void> {
  const wallet = await page.create(name);
  setSentinel();
  ready(wallet);
  page.tell('visible');
}

/** The person was told that the old wallet is gone, and starts over. */
export function startOver(): void {
  document.cookie = `${SENTINEL}; max-age=0; path=/; samesite=strict`;
  useSession.setState({ kind: 'new' }, true);
}

async function canRun(): Promise<boolean> {
  if (!('serviceWorker' in navigator) || !('locks' in navigator)) return false;
  try {
    await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits']);
    await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}

const isNewerDatabase = (error: unknown): boolean =>
  error instanceof Error && error.name === 'VersionError';

import { didHash, sha256 } from '../../../mediator/did-hash.ts';
import type { Forwarded, InboxStore, StoreLimits } from '../../../mediator/store/types.ts';
import type { Bytes } from '../../lib/bytes.ts';

/** A new store, closed after the test. */
export type Make = (limits?: Partial<StoreLimits>) => Promise<InboxStore>;

export const NOW = 1_800_000_000_000;

export const idOf = (text: string): Bytes => sha256(text).slice(0, 16);

/** One letter, which came in at `NOW`. */
export const item = (next: string, text: string, more: Partial<Forwarded> = {}): Forwarded => ({
  next: didHash(next),
  letters: [{ id: idOf(text), body: new TextEncoder().encode(text) }],
  receivedAt: NOW,
  expiresAt: NOW + 1000,
  ...more,
});

export const ALL = { limit: 1000, maxBytes: 1e9 };

export const texts = async (store: InboxStore, account: bigint, page = ALL): Promise<string[]> =>
  (await store.fetch(account, page)).map((row) => new TextDecoder().decode(row.body));

import type { Wallet } from './wallet.ts';

/** Dedupe marks that outlived every possible repeat. */
export async function forgetExpired({ db, clock }: Pick<Wallet, 'db' | 'clock'>): Promise<void> {
  const now = clock.now();
  await db.seen0.where('exp').below(now).delete();
  await db.dedupe.where('exp').below(now).delete();
}

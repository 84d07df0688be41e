import type { Forwarded, Hash } from './types.ts';

/*
 * [Note: Strangers cost the same] Mail for somebody who has no mailbox, and mail that its receiver has already, is
 * put into an inbox of nobody by the statements that put other mail into its own: looked for, counted against a
 * quota, written, waited for. Its time is over when it comes, so that the next expiry takes it. Nobody fetches from
 * these accounts, whose numbers are 0 and less: no SHA-256 is as short as their names. They are few and in use all
 * the time, so their pages are in the cache, and those of an account that has been asleep are not; so where that
 * takes time, what is for a stranger reads the pages of some other account as well.
 */

/** A power of two of them, so that they are not full between one expiry and the next. */
export const NOBODIES: readonly number[] = Array.from({ length: 16 }, (_, i) => i);

/** The same for the same letters. */
export const nobodyFor = ({
  letters: [first],
  next,
}: Pick<Forwarded, 'letters' | 'next'>): { account: bigint; rcpt: Hash } => ({
  account: -BigInt((first?.id[0] ?? 0) & (NOBODIES.length - 1)),
  rcpt: next,
});

import type { StoredMessage } from './types.ts';

/** Mail of one account that came in after a position. */
export interface NewMail {
  readonly messages: readonly StoredMessage[];
  /** The position of the last of them; where it was asked from when there are none. */
  readonly last: bigint;
}

/**
 * What several processes of one database know of each other's live sockets. Nothing here is durable: whoever
 * is not told of mail finds it when it looks again.
 */
export interface LiveNodes {
  /** Makes this node known, or known again. @returns false when the others had forgotten it, and its sockets */
  beat(address: string): Promise<boolean>;
  /** From now on this node is told of mail for the account. @returns the position of its newest message */
  join(account: bigint): Promise<bigint>;
  leave(account: bigint): Promise<void>;
  /** Joins all of them again. */
  rejoin(accounts: readonly bigint[]): Promise<void>;
  /** Which of these accounts have mail after their positions. */
  withNewMail(positions: ReadonlyMap<bigint, bigint>): Promise<readonly bigint[]>;
  mailAfter(
    account: bigint,
    position: bigint,
    page: { readonly limit: number; readonly maxBytes: number },
  ): Promise<NewMail>;
  /** How many other nodes were heard of lately. */
  others(): Promise<number>;
  /** Takes leave of the others. */
  goodbye(): Promise<void>;
}

import type { MailItem } from '../src/protocols/message-pickup/mediator.ts';
import { mailItem, type KeptLetter } from './mail-item.ts';

/** Mail after a position of the inbox, oldest first, and the position of the last of it. */
export type ReadAfter = (
  position: bigint,
) => Promise<{ readonly items: readonly MailItem[]; readonly last: bigint }>;

/** One connection in live mode. */
export interface LiveMember {
  /** Up to where the connection has heard of its inbox by being woken; undefined while it is not live. */
  readonly heardOf: bigint | undefined;
  /** Sends one message, or leaves it in the inbox when the connection has too much on its way. */
  push(item: MailItem): void;
  acknowledged(ids: readonly string[]): void;
  /** Something may have come in at another node. */
  wake(read: ReadAfter): void;
}

/** Which connections want to hear of an account's mail at once. */
export interface LiveHub {
  /** @returns the position of the newest message that is there already */
  join(account: bigint, member: LiveMember): Promise<bigint>;
  leave(account: bigint, member: LiveMember): void;
  /** @param elsewhere addresses of other nodes with connections of the account */
  push(account: bigint, letter: KeptLetter, elsewhere: readonly string[]): void;
  acknowledged(account: bigint, ids: readonly string[]): void;
  /** Whether a connection of this process is in live mode for the account. */
  isLive(account: bigint): boolean;
}

export interface LocalHub extends LiveHub {
  readonly members: ReadonlyMap<bigint, ReadonlySet<LiveMember>>;
}

/** The connections of this process. In memory: it dies with it. */
export function liveHub(): LocalHub {
  const members = new Map<bigint, Set<LiveMember>>();
  const of = (account: bigint): readonly LiveMember[] => [...(members.get(account) ?? [])];
  return {
    members,
    join: async (account, member) => {
      const set = members.get(account) ?? new Set();
      members.set(account, set.add(member));
      return 0n;
    },
    leave: (account, member) => {
      const set = members.get(account);
      set?.delete(member);
      if (set?.size === 0) members.delete(account);
    },
    push: (account, letter) => {
      const live = of(account);
      if (live.length === 0) return;
      const item = mailItem(letter);
      for (const member of live) member.push(item);
    },
    acknowledged: (account, ids) => {
      for (const member of of(account)) member.acknowledged(ids);
    },
    isLive: (account) => members.has(account),
  };
}

import type { MailItem } from '../src/protocols/message-pickup/mediator.ts';

/** One connection in live mode. */
export interface LiveMember {
  /** Sends one message, or leaves it in the inbox when the connection has too much on its way. */
  push(item: MailItem): void;
  acknowledged(ids: readonly string[]): void;
}

/** Which connections want to hear of an account's mail at once. In memory: it dies with the process. */
export interface LiveHub {
  join(account: bigint, member: LiveMember): void;
  leave(account: bigint, member: LiveMember): void;
  push(account: bigint, item: MailItem): void;
  acknowledged(account: bigint, ids: readonly string[]): void;
}

export function liveHub(): LiveHub {
  const members = new Map<bigint, Set<LiveMember>>();
  const of = (account: bigint): readonly LiveMember[] => [...(members.get(account) ?? [])];
  return {
    join: (account, member) => {
      const set = members.get(account) ?? new Set();
      members.set(account, set.add(member));
    },
    leave: (account, member) => {
      const set = members.get(account);
      set?.delete(member);
      if (set?.size === 0) members.delete(account);
    },
    push: (account, item) => {
      for (const member of of(account)) member.push(item);
    },
    acknowledged: (account, ids) => {
      for (const member of of(account)) member.acknowledged(ids);
    },
  };
}

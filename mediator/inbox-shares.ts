import { keepLast } from './keep-last.ts';
import type { Limits } from './limits.ts';
import type { Hash } from './store/types.ts';

/** Below this nobody is refused: some contacts share an address, and few of them fill no inbox. */
const FREE_MESSAGES = 100;
const FREE_BYTES = 1024 * 1024;

interface Share {
  messages: number;
  bytes: number;
}

/**
 * How much of an inbox each address has filled since something was last fetched from it, so that one stranger
 * cannot keep everybody else's mail out. Known to this process alone: no address is written down anywhere.
 */
export interface InboxShares {
  /** @param source undefined for a proxy or this machine, which stand for many */
  allows(next: Hash, source: string | undefined, bytes: number): boolean;
  stored(account: bigint, next: Hash, source: string | undefined, bytes: number): void;
  fetched(account: bigint): void;
}

export function inboxShares({ inboxShare, store }: Limits): InboxShares {
  const mostMessages = Math.max(FREE_MESSAGES, store.messagesPerInbox * inboxShare);
  const mostBytes = Math.max(FREE_BYTES, store.bytesPerInbox * inboxShare);
  const shares = new Map<bigint, Map<string, Share>>();
  /** Whose inbox a name stands for, learnt when mail for it was stored. */
  const owners = new Map<string, bigint>();
  const nameOf = (next: Hash): string => Buffer.from(next).toString('base64');

  return {
    allows: (next, source, bytes) => {
      if (source === undefined) return true;
      const owner = owners.get(nameOf(next));
      const share = owner === undefined ? undefined : shares.get(owner)?.get(source);
      return !share || (share.messages < mostMessages && share.bytes + bytes <= mostBytes);
    },
    stored: (account, next, source, bytes) => {
      if (source === undefined) return;
      const inbox = shares.get(account) ?? new Map<string, Share>();
      const { messages, bytes: before } = inbox.get(source) ?? { messages: 0, bytes: 0 };
      keepLast(inbox, source, { messages: messages + 1, bytes: before + bytes });
      keepLast(shares, account, inbox);
      keepLast(owners, nameOf(next), account);
    },
    fetched: (account) => {
      shares.delete(account);
    },
  };
}

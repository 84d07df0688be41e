import type { Bytes } from '../../src/lib/bytes.ts';

/** SHA-256 of a canonical DID (did:peer:4 in its short form), see ../did-hash.ts. */
export type Hash = Uint8Array;

/** One forwarded envelope: the same text is the same message. */
export interface Letter {
  /** The first 16 bytes of its SHA-256. */
  readonly id: Bytes;
  readonly body: Bytes;
}

/** The mail of one forward on its way into an inbox. */
export interface Forwarded {
  /** Whom the forward names: the hash of a registered DID, of an account's own DID, or of one of their keys. */
  readonly next: Hash;
  readonly letters: readonly Letter[];
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly expiresAt: number;
}

export type Put =
  /**
   * On disk, in the inbox of this account. `elsewhere`: the addresses of other nodes of this database that
   * have a live socket of the account; empty for a node that nobody can reach.
   * `subscribed`: the account has a push subscription.
   */
  | {
      readonly kind: 'stored';
      readonly account: bigint;
      readonly elsewhere: readonly string[];
      readonly subscribed?: boolean;
    }
  | { readonly kind: 'duplicate' | 'unknown' | 'full' };

/** Whether an account may be woken now; `wait`: not before then, ms since the epoch. */
export type PushTurn =
  | { readonly kind: 'now'; readonly subscription: string }
  | { readonly kind: 'wait'; readonly until: number }
  /** It has no subscription or no mail, or a live socket at another node. */
  | { readonly kind: 'none' };

export interface Account {
  readonly account: bigint;
  readonly created: boolean;
}

/** A DID that an account takes onto its list, or off it. */
export interface ListChange {
  readonly action: 'add' | 'remove';
  readonly did: string;
  /** Of a DID to add: other names a forward may use for it, the did:key forms of its agreement keys. */
  readonly aliases: readonly Hash[];
}
export type ListResult = 'success' | 'no_change' | 'client_error';

export interface InboxStatus {
  readonly n: number;
  readonly bytes: number;
  /** Arrival of the oldest and the newest message, ms since the epoch; absent when the inbox is empty. */
  readonly oldest?: number;
  readonly newest?: number;
}

export interface StoredMessage {
  readonly id: Uint8Array;
  readonly body: Uint8Array;
  readonly at: number;
}

export interface Expired {
  readonly messages: number;
  readonly isMore: boolean;
}

export interface Stats {
  readonly accounts: number;
  readonly recipients: number;
  readonly messages: number;
  readonly bytes: number;
}

export interface StoreLimits {
  readonly messagesPerInbox: number;
  readonly bytesPerInbox: number;
  readonly didsPerAccount: number;
  readonly linksPerAccount: number;
}

/** The sealed content of a short link. */
export interface BlindLink {
  readonly id: Uint8Array;
  readonly body: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Design values of the limits; every one can be set at start. */
export const STORE_LIMITS: StoreLimits = {
  messagesPerInbox: 10_000,
  bytesPerInbox: 64 * 1024 * 1024,
  didsPerAccount: 1_000,
  linksPerAccount: 100,
};

/**
 * Where mail waits. Accounts are named by the DID that an envelope proved; each has one inbox, FIFO by
 * arrival. Every promise of a write resolves only after a durable commit.
 */
export interface InboxStore {
  /** Finds or opens the account of this DID. Its own DID outranks a binding that another account made. */
  grant(did: string, now: number): Promise<Account>;
  accountOf(did: string): Promise<bigint | undefined>;
  /** The DID that the account of this one was opened by: of a did:peer:4 in its short form, the long one. */
  accountDid(did: string): Promise<string | undefined>;
  /** The account of this DID was heard of; kept to the day. */
  touch(did: string, now: number): Promise<void>;
  /** Deletes at most `max` accounts without messages that were last heard of before then. @returns how many */
  expireAccounts(before: number, max: number): Promise<number>;

  /** The operator's word: a DID that is to get no account. What it has already, it keeps. */
  deny(did: string, now: number): Promise<void>;
  allow(did: string): Promise<void>;
  isDenied(did: string): Promise<boolean>;

  /**
   * Changes the list of an account's DIDs, in this order and in one transaction. Every name, alias or not, is
   * for who came first: to add is a `client_error` when mail to the DID or to one of its aliases goes to another
   * account, or when the list is full.
   * @returns one result for each change
   */
  changeList(
    account: bigint,
    changes: readonly ListChange[],
    now: number,
  ): Promise<readonly ListResult[]>;
  /** The registered DIDs in the order they were registered. */
  list(
    account: bigint,
    limit: number,
    offset: number,
  ): Promise<{ readonly dids: readonly string[]; readonly remaining: number }>;

  /**
   * Puts all letters that are new into the inbox, or none of them where they do not fit. What is asked for
   * first comes first.
   * @returns what became of each letter
   */
  enqueue(forwarded: Forwarded): Promise<readonly Put[]>;
  /** The whole inbox, or the part of it that was forwarded to one DID. */
  status(account: bigint, recipient?: Hash): Promise<InboxStatus>;
  /** Oldest first; stops before `maxBytes` would be passed, but never before one message. */
  fetch(
    account: bigint,
    page: { readonly limit: number; readonly maxBytes: number; readonly recipient?: Hash },
  ): Promise<readonly StoredMessage[]>;
  /** Deletes messages of this account alone; other ids are ignored. @returns how many were deleted */
  ack(account: bigint, ids: readonly Uint8Array[]): Promise<number>;

  /** Keeps a link; the same id of the same account replaces what was there. Expired links take no room. */
  putLink(account: bigint, link: BlindLink, now: number): Promise<'stored' | 'full' | 'taken'>;
  /** Only a link of this account goes. */
  removeLink(account: bigint, id: Uint8Array): Promise<void>;
  /** The content, unless it is unknown or expired. */
  link(id: Uint8Array, now: number): Promise<Uint8Array | undefined>;

  /**
   * Where the account wants to be woken up, as the text that it gave.
   * @param subscription keeps this one instead; null keeps none
   */
  push(account: bigint, subscription?: string | null): Promise<string | undefined>;
  /**
   * The right to wake the account, for one of all nodes that ask.
   * @param nextAt nobody gets it again before then
   */
  takePushTurn(account: bigint, now: number, nextAt: number): Promise<PushTurn>;
  /** Forgets a subscription, unless another one has taken its place. */
  dropPush(account: bigint, subscription: string): Promise<void>;

  /** Whether the envelope is remembered; changes nothing. */
  knows(key: Hash): Promise<boolean>;
  /** Remembers an envelope until then. @returns true when it was already known */
  seen(key: Hash, until: number): Promise<boolean>;
  /**
   * Deletes at most `max` expired messages, replay keys and links each.
   * @returns how many messages went, and whether there may be more of any kind
   */
  expire(now: number, max: number): Promise<Expired>;
  stats(): Promise<Stats>;
  close(): Promise<void>;
}

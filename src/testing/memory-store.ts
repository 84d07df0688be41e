import { didHash } from '../../mediator/did-hash.ts';
import { isFirst } from '../../mediator/letter.ts';
import {
  STORE_LIMITS,
  type Account,
  type BlindLink,
  type Hash,
  type InboxStatus,
  type Forwarded,
  type InboxStore,
  type Letter,
  type ListChange,
  type ListResult,
  type Put,
  type StoreLimits,
} from '../../mediator/store/types.ts';

interface Row extends Letter, Pick<Forwarded, 'receivedAt' | 'expiresAt'> {
  readonly recipient: string;
}
interface Inbox {
  readonly account: bigint;
  pushAt?: number;
  rows: Row[];
  bytes: number;
}
interface Recipient {
  readonly account: bigint;
  readonly did: string;
  readonly aliases: readonly string[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The twin of the SQLite store for tests: same answers, nothing survives. */
export function memoryStore(limits: StoreLimits = STORE_LIMITS): InboxStore {
  const accounts = new Map<string, bigint>();
  let last = 0;
  const lastSeen = new Map<string, number>();
  const grantedAs = new Map<string, string>();
  const denied = new Set<string>();
  const inboxes = new Map<bigint, Inbox>();
  const recipients = new Map<string, Recipient>();
  const replay = new Map<string, number>();
  const subscriptions = new Map<bigint, string>();
  const links = new Map<string, BlindLink & { readonly account: bigint }>();

  const inboxOf = (account: bigint): Inbox =>
    inboxes.get(account) ?? { account, rows: [], bytes: 0 };
  const rowsOf = (account: bigint, recipient?: Hash): readonly Row[] => {
    const { rows } = inboxOf(account);
    return recipient ? rows.filter((row) => row.recipient === hex(recipient)) : rows;
  };
  const owner = (next: string): { account: bigint; recipient: string } | undefined => {
    const own = accounts.get(next);
    if (own !== undefined) return { account: own, recipient: next };
    const bound = recipients.get(next);
    if (bound) return { account: bound.account, recipient: next };
    for (const [recipient, { account, aliases }] of recipients)
      if (aliases.includes(next)) return { account, recipient };
    return undefined;
  };
  const isHeldByAnother = (account: bigint, name: string): boolean =>
    (owner(name)?.account ?? account) !== account;
  const drop = (inbox: Inbox, gone: (row: Row) => boolean): number => {
    const kept = inbox.rows.filter((row) => !gone(row));
    const dropped = inbox.rows.length - kept.length;
    inbox.rows = kept;
    inbox.bytes = kept.reduce((sum, row) => sum + row.body.length, 0);
    return dropped;
  };
  const put = ({ next, letters, ...times }: Forwarded): Put[] => {
    const found = owner(hex(next));
    if (!found) return letters.map(() => ({ kind: 'unknown' }));
    const { account, recipient } = found;
    const inbox = inboxOf(account);
    const known = new Set(inbox.rows.map(({ id }) => hex(id)));
    const held = letters.map(({ id }) => known.has(hex(id)));
    const isNew = letters.map((one, i) => !held[i] && isFirst(one, i, letters));
    const rows = letters.filter((_, i) => isNew[i]).map((one) => ({ ...one, ...times, recipient }));
    const bytes = rows.reduce((sum, { body }) => sum + body.length, inbox.bytes);
    const isFull =
      inbox.rows.length + rows.length > limits.messagesPerInbox || bytes > limits.bytesPerInbox;
    if (rows.length > 0 && isFull) return held.map((one) => ({ kind: one ? 'duplicate' : 'full' }));
    inbox.rows.push(...rows);
    inbox.bytes = bytes;
    const subscribed = subscriptions.has(account);
    return isNew.map((fresh) =>
      fresh
        ? { kind: 'stored', account, elsewhere: [], ...(subscribed && { subscribed }) }
        : { kind: 'duplicate' },
    );
  };
  const change = (account: bigint, { action, did, aliases }: ListChange): ListResult => {
    const key = hex(didHash(did));
    const names = aliases.map(hex);
    const isOwn = recipients.get(key)?.account === account;
    if (action === 'remove') return isOwn && recipients.delete(key) ? 'success' : 'no_change';
    if (isHeldByAnother(account, key)) return 'client_error';
    if (recipients.has(key)) return 'no_change';
    if (names.some((name) => isHeldByAnother(account, name))) return 'client_error';
    const held = [...recipients.values()].filter((recipient) => recipient.account === account);
    if (held.length >= limits.didsPerAccount) return 'client_error';
    recipients.set(key, { account, did, aliases: names });
    return 'success';
  };

  return {
    async grant(did, now): Promise<Account> {
      const key = hex(didHash(did));
      const known = accounts.get(key);
      if (known !== undefined) return { account: known, created: false };
      const account = BigInt((last += 1));
      accounts.set(key, account);
      lastSeen.set(key, now);
      grantedAs.set(key, did);
      inboxes.set(account, { account, rows: [], bytes: 0 });
      recipients.delete(key);
      return { account, created: true };
    },
    async accountOf(did) {
      return accounts.get(hex(didHash(did)));
    },
    async accountDid(did) {
      const key = hex(didHash(did));
      return accounts.has(key) ? grantedAs.get(key) : undefined;
    },
    async touch(did, now) {
      const key = hex(didHash(did));
      if (accounts.has(key)) lastSeen.set(key, now);
    },
    async expireAccounts(before, max) {
      const idle = [...accounts]
        .filter(([key, id]) => (lastSeen.get(key) ?? 0) < before && rowsOf(id).length === 0)
        .slice(0, max);
      for (const [key, id] of idle) {
        accounts.delete(key);
        inboxes.delete(id);
        subscriptions.delete(id);
        for (const [name, { account }] of recipients) if (account === id) recipients.delete(name);
        for (const [name, { account }] of links) if (account === id) links.delete(name);
      }
      return idle.length;
    },
    async deny(did) {
      denied.add(hex(didHash(did)));
    },
    async allow(did) {
      denied.delete(hex(didHash(did)));
    },
    async isDenied(did) {
      return denied.has(hex(didHash(did)));
    },
    async changeList(account, changes) {
      return changes.map((one) => change(account, one));
    },
    async list(account, limit, offset) {
      const dids = [...recipients.values()]
        .filter((recipient) => recipient.account === account)
        .map((recipient) => recipient.did);
      return {
        dids: dids.slice(offset, offset + limit),
        remaining: Math.max(0, dids.length - offset - limit),
      };
    },
    async enqueue(forwarded) {
      return put(forwarded);
    },
    async status(account, recipient): Promise<InboxStatus> {
      const rows = rowsOf(account, recipient);
      const oldest = rows[0];
      const newest = rows.at(-1);
      return {
        n: rows.length,
        bytes: rows.reduce((sum, row) => sum + row.body.length, 0),
        ...(oldest && newest ? { oldest: oldest.receivedAt, newest: newest.receivedAt } : {}),
      };
    },
    async fetch(account, { limit, maxBytes, recipient }) {
      let bytes = 0;
      return rowsOf(account, recipient)
        .slice(0, limit)
        .filter((row, index) => {
          bytes += row.body.length;
          return index === 0 || bytes <= maxBytes;
        })
        .map((row) => ({ id: row.id, body: row.body, at: row.receivedAt }));
    },
    async ack(account, ids) {
      const wanted = new Set(ids.map(hex));
      return drop(inboxOf(account), (row) => wanted.has(hex(row.id)));
    },
    async putLink(account, link, now) {
      const key = hex(link.id);
      const there = links.get(key);
      const holder = there && there.expiresAt > now ? there.account : account;
      if (holder !== account) return 'taken';
      const others = [...links.entries()].filter(
        ([other, held]) => other !== key && held.account === account && held.expiresAt > now,
      );
      if (others.length >= limits.linksPerAccount) return 'full';
      links.set(key, { ...link, account });
      return 'stored';
    },
    async removeLink(account, id) {
      if (links.get(hex(id))?.account === account) links.delete(hex(id));
    },
    async link(id, now) {
      const link = links.get(hex(id));
      return link && link.expiresAt > now ? link.body : undefined;
    },
    async push(account, subscription) {
      if (typeof subscription === 'string') subscriptions.set(account, subscription);
      else if (subscription === null) subscriptions.delete(account);
      return subscriptions.get(account);
    },
    async takePushTurn(account, now, nextAt) {
      const inbox = inboxOf(account);
      const subscription = subscriptions.get(account);
      if (subscription === undefined || inbox.rows.length === 0) return { kind: 'none' };
      if (inbox.pushAt !== undefined && inbox.pushAt > now)
        return { kind: 'wait', until: inbox.pushAt };
      inbox.pushAt = nextAt;
      return { kind: 'now', subscription };
    },
    async dropPush(account, subscription) {
      if (subscriptions.get(account) === subscription) subscriptions.delete(account);
    },
    async knows(key) {
      return replay.has(hex(key));
    },
    async seen(key, until) {
      const known = replay.has(hex(key));
      if (!known) replay.set(hex(key), until);
      return known;
    },
    async expire(now, max) {
      let dropped = 0;
      for (const inbox of inboxes.values())
        drop(inbox, (row) => {
          const gone = row.expiresAt <= now && dropped < max;
          if (gone) dropped += 1;
          return gone;
        });
      const replays = [...replay].filter(([, until]) => until <= now).slice(0, max);
      for (const [key] of replays) replay.delete(key);
      const over = [...links].filter(([, { expiresAt }]) => expiresAt <= now).slice(0, max);
      for (const [key] of over) links.delete(key);
      const isMore = Math.max(dropped, replays.length, over.length) === max;
      return { messages: dropped, isMore };
    },
    async stats() {
      const all = [...inboxes.values()];
      return {
        accounts: accounts.size,
        recipients: recipients.size,
        messages: all.reduce((sum, inbox) => sum + inbox.rows.length, 0),
        bytes: all.reduce((sum, inbox) => sum + inbox.bytes, 0),
      };
    },
    async close() {
      // Nothing is held.
    },
  };
}

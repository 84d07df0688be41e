import { randomBytes } from 'node:crypto';
import { didHash } from '../did-hash.ts';
import type { Metrics } from '../operations/metrics.ts';
import { isFirst } from '../letter.ts';
import { GroupCommit } from './group-commit.ts';
import { nobodyFor } from './nobody.ts';
import { openDatabase } from './open-database.ts';
import { sqliteReads } from './sqlite-reads.ts';
import { statements } from './statements.ts';
import {
  STORE_LIMITS,
  type Forwarded,
  type Hash,
  type InboxStore,
  type ListChange,
  type ListResult,
  type Put,
  type StoreLimits,
} from './types.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Until then new mail takes the room of what is gone; what is still free is the disk's again, piece by piece. */
const SHRINK_MS = 60_000;

const anyUpTo = (last = 0n): bigint => BigInt(Math.floor(Math.random() * (Number(last) + 1)));

/** The embedded store on one connection: everything is done where it is asked for. @throws StoreError */
export function sqliteStore(
  path: string,
  limits: StoreLimits = STORE_LIMITS,
  metrics?: Metrics,
): InboxStore {
  const { database, close } = openDatabase(path);
  const group = new GroupCommit(database, metrics);
  const sql = statements(database);
  let shrunkAt = 0;

  const accountOf = (hash: Hash): bigint | undefined => sql.accountByHash.one(hash)?.id;

  /** Looks for every kind of name, also after one is found, and reads some row of the list when none is. */
  const owner = (next: Hash): { account: bigint; rcpt: Hash } | undefined => {
    const own = accountOf(next);
    const listed = sql.recipientByHash.one(next);
    const byKey = sql.recipientByAlias.one(next);
    if (!listed && !byKey) sql.someRecipient.one(anyUpTo(sql.lastRecipient.one()?.seq));
    return own === undefined ? (listed ?? byKey) : { account: own, rcpt: next };
  };

  const isHeldByAnother = (account: bigint, name: Hash): boolean =>
    (owner(name)?.account ?? account) !== account;

  /** For everybody the same statements, of two inboxes: see the note in ./nobody.ts. */
  const put = (forwarded: Forwarded): Put[] => {
    const { next, letters, receivedAt, expiresAt } = forwarded;
    const found = owner(next);
    const nobody = nobodyFor(forwarded);
    const some = found?.account ?? anyUpTo(sql.lastAccount.one()?.id);
    const read = letters.map(({ id }) => {
      const [theirs, nobodys] = [sql.inbox.one(id, some), sql.inbox.one(id, nobody.account)];
      return { theirs, isHeld: (found ? theirs : nobodys)?.held != null };
    });
    const isNew = letters.map((one, i) => !read[i]?.isHeld && isFirst(one, i, letters));
    const thrownAway = { ...nobody, receivedAt, expiresAt: receivedAt };
    const isIn = insert(
      letters.filter((_, i) => isNew[i]),
      found ? { ...found, receivedAt, expiresAt } : thrownAway,
    );
    const again = letters.filter((_, i) => !isNew[i]);
    insert(
      again.map(({ body }) => ({ id: randomBytes(16), body })),
      thrownAway,
    );
    return read.map(({ theirs, isHeld }, i) => {
      if (!found) return { kind: 'unknown' };
      if (isHeld) return { kind: 'duplicate' };
      if (!isIn) return { kind: 'full' };
      if (!isNew[i]) return { kind: 'duplicate' };
      const subscribed = typeof theirs?.push === 'string';
      return {
        kind: 'stored',
        account: found.account,
        elsewhere: [],
        ...(subscribed && { subscribed }),
      };
    });
  };

  /** All of them. @returns false, and writes none, when the inbox has no room for all */
  const insert = (
    letters: readonly { readonly id: Uint8Array; readonly body: Uint8Array }[],
    row: Pick<Forwarded, 'receivedAt' | 'expiresAt'> & {
      readonly account: bigint;
      readonly rcpt: Hash;
    },
  ): boolean => {
    if (letters.length === 0) return true;
    const { account, rcpt, receivedAt, expiresAt } = row;
    const count = letters.length;
    const size = letters.reduce((sum, { body }) => sum + body.length, 0);
    const { changes } = sql.addToQuota.run(
      count,
      size,
      account,
      limits.messagesPerInbox - count,
      limits.bytesPerInbox - size,
    );
    if (Number(changes) === 0) return false;
    for (const { id, body } of letters)
      sql.insertMessage.run(account, id, rcpt, receivedAt, expiresAt, body.length, body);
    return true;
  };

  const add = (account: bigint, { did, aliases }: ListChange, now: number): ListResult => {
    const hash = didHash(did);
    if (isHeldByAnother(account, hash)) return 'client_error';
    if (sql.recipientByHash.one(hash)) return 'no_change';
    if (aliases.some((alias) => isHeldByAnother(account, alias))) return 'client_error';
    if (Number(sql.countRecipients.one(account)?.n) >= limits.didsPerAccount) return 'client_error';
    const { lastInsertRowid } = sql.insertRecipient.run(hash, account, did, now);
    for (const alias of aliases) sql.insertAlias.run(alias, lastInsertRowid);
    return 'success';
  };

  const remove = (account: bigint, { did }: ListChange): ListResult => {
    const hash = didHash(did);
    if (sql.recipientByHash.one(hash)?.account !== account) return 'no_change';
    forget(hash);
    return 'success';
  };

  const forget = (did: Hash): void => {
    sql.deleteAliases.run(did);
    sql.deleteRecipient.run(did);
  };

  return {
    ...sqliteReads(sql),
    grant: (did, now) =>
      group.write(() => {
        const hash = didHash(did);
        const known = accountOf(hash);
        if (known !== undefined) return { account: known, created: false };
        forget(hash);
        const { lastInsertRowid } = sql.insertAccount.run(hash, did, now, now);
        return { account: BigInt(lastInsertRowid), created: true };
      }),

    touch: async (did, now) => {
      await group.write(() => sql.touch.run(now, didHash(did), now - DAY_MS));
    },
    expireAccounts: (before, max) =>
      group.write(() => {
        const idle = sql.idleAccounts.all(before, max);
        for (const { id } of idle) for (const part of sql.dropAccount) part.run(id);
        return idle.length;
      }),

    deny: async (did, now) => {
      await group.write(() => sql.deny.run(didHash(did), now));
    },
    allow: async (did) => {
      await group.write(() => sql.allow.run(didHash(did)));
    },

    changeList: (account, changes, now) =>
      group.write(() =>
        changes.map((one) =>
          one.action === 'add' ? add(account, one, now) : remove(account, one),
        ),
      ),

    enqueue: (forwarded) => group.write(() => put(forwarded)),
    ack: (account, ids) =>
      group.write(() => {
        let acked = 0;
        for (const id of ids) {
          const row = sql.deleteMessage.one(account, id);
          if (!row) continue;
          acked += 1;
          sql.takeFromQuota.run(row.size, account);
        }
        return acked;
      }),

    putLink: (account, { id, body, expiresAt }, now) =>
      group.write(() => {
        const holder = sql.linkHolder.one(id, now)?.account;
        if ((holder ?? account) !== account) return 'taken';
        if (Number(sql.countOtherLinks.one(account, id, now)?.n) >= limits.linksPerAccount)
          return 'full';
        sql.putLink.run(id, account, expiresAt, body);
        return 'stored';
      }),
    removeLink: (account, id) =>
      group.write(() => {
        sql.deleteLink.run(account, id);
      }),

    push: async (account, subscription) => {
      if (subscription === undefined) return sql.push.one(account)?.push ?? undefined;
      return group.write(() => {
        sql.setPush.run(subscription, account);
        return subscription ?? undefined;
      });
    },
    takePushTurn: (account, now, nextAt) =>
      group.write(() => {
        const { push, at = 0n, n = 0n } = sql.push.one(account) ?? {};
        if (typeof push !== 'string' || n === 0n) return { kind: 'none' };
        if (at > now) return { kind: 'wait', until: Number(at) };
        sql.takePushTurn.run(nextAt, account);
        return { kind: 'now', subscription: push };
      }),
    dropPush: (account, subscription) =>
      group.write(() => {
        sql.dropPush.run(account, subscription);
      }),

    seen: (key, until) => group.write(() => Number(sql.insertReplay.run(key, until).changes) === 0),
    expire: async (now, max) => {
      const expired = await group.write(() => {
        const gone = sql.deleteExpired.all(now, max);
        for (const row of gone) sql.takeFromQuota.run(row.size, row.account);
        const replays = sql.deleteReplay.run(now, max).changes;
        const links = sql.deleteExpiredLinks.run(now, max).changes;
        const most = Math.max(gone.length, Number(replays), Number(links));
        return { messages: gone.length, isMore: most === max };
      });
      if (database.isOpen && now - shrunkAt >= SHRINK_MS) {
        shrunkAt = now;
        database.exec('PRAGMA incremental_vacuum(1000)');
      }
      return expired;
    },
    close: async () => {
      group.flush();
      close();
    },
  };
}

import { didHash } from '../../did-hash.ts';
import type { Account, Hash, InboxStore, ListResult, StoreLimits } from '../types.ts';
import type { Database } from './database.ts';

type Names = Pick<
  InboxStore,
  | 'grant'
  | 'accountOf'
  | 'accountDid'
  | 'touch'
  | 'expireAccounts'
  | 'deny'
  | 'allow'
  | 'isDenied'
  | 'changeList'
  | 'list'
>;

const DAY_MS = 24 * 3600 * 1000;
const hex = (hash: Hash): string => Buffer.from(hash).toString('hex');

/** Accounts and the DIDs that mail for them may name. */
export function names(database: Database, limits: StoreLimits): Names {
  return {
    grant: async (did, now) => {
      const [row] = await database.query<Account>(
        'grant',
        'SELECT account, created FROM grant_account($1,$2,$3)',
        [didHash(did), did, now],
      );
      if (!row) throw new Error('an account was neither found nor made');
      return { account: row.account, created: row.created };
    },
    accountOf: async (did) => {
      const [row] = await database.query<{ id: bigint }>(
        'account-of',
        'SELECT id FROM account WHERE did_hash=$1',
        [didHash(did)],
      );
      return row?.id;
    },
    accountDid: async (did) => {
      const [row] = await database.query<{ did: string }>(
        'account-did',
        'SELECT did FROM account WHERE did_hash=$1',
        [didHash(did)],
      );
      return row?.did;
    },
    touch: async (did, now) => {
      await database.query(
        'touch',
        'UPDATE account SET last_seen=$2 WHERE did_hash=$1 AND last_seen<$3',
        [didHash(did), now, now - DAY_MS],
      );
    },
    expireAccounts: async (before, max) =>
      (await database.query('expire-accounts', EXPIRE_ACCOUNTS, [before, max])).length,
    deny: async (did, now) => {
      await database.query(
        'deny',
        'INSERT INTO denied(did_hash, at) VALUES($1,$2) ON CONFLICT DO NOTHING',
        [didHash(did), now],
      );
    },
    allow: async (did) => {
      await database.query('allow', 'DELETE FROM denied WHERE did_hash=$1', [didHash(did)]);
    },
    isDenied: async (did) =>
      (await database.query('denied', 'SELECT FROM denied WHERE did_hash=$1', [didHash(did)]))
        .length > 0,
    changeList: async (account, changes, now) => {
      // The names in hexadecimal: that of the DID, then its aliases.
      const named = changes.map(({ action, did, aliases }) => ({
        action,
        did,
        names: [didHash(did), ...aliases].map(hex),
      }));
      const [row] = await database.query<{ results: ListResult[] }>(
        'change-list',
        'SELECT change_list($1,$2,$3,$4) AS results',
        [account, JSON.stringify(named), now, limits.didsPerAccount],
      );
      return row?.results ?? [];
    },
    list: async (account, limit, offset) => {
      const [row] = await database.query<{ n: bigint; dids: string[] }>('list', LIST, [
        account,
        limit,
        offset,
      ]);
      const { n = 0n, dids = [] } = row ?? {};
      return { dids, remaining: Math.max(0, Number(n) - offset - limit) };
    },
  };
}

/** Whoever got mail meanwhile is looked at again under its lock, and stays. */
const EXPIRE_ACCOUNTS = `WITH idle AS (
    SELECT id FROM account WHERE last_seen < $1 AND n = 0 LIMIT $2 FOR UPDATE SKIP LOCKED),
  names AS (DELETE FROM recipient_alias x USING recipient r
    WHERE x.recipient = r.seq AND r.account IN (SELECT id FROM idle)),
  dids AS (DELETE FROM recipient WHERE account IN (SELECT id FROM idle)),
  links AS (DELETE FROM link WHERE account IN (SELECT id FROM idle))
  DELETE FROM account WHERE id IN (SELECT id FROM idle) RETURNING id`;

const LIST = `SELECT (SELECT count(*) FROM recipient WHERE account=$1) AS n,
  ARRAY(SELECT did FROM recipient WHERE account=$1 ORDER BY seq LIMIT $2 OFFSET $3) AS dids`;

import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { StatusRow } from './status-row.ts';

export interface Query<T> {
  one(...values: SQLInputValue[]): T | undefined;
  all(...values: SQLInputValue[]): T[];
}
export interface Change {
  run(...values: SQLInputValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
}

interface Recipient {
  readonly account: bigint;
  readonly rcpt: Uint8Array;
}
interface SizeRow {
  readonly seq: bigint;
  readonly size: bigint;
}
interface MessageRow {
  readonly id: Uint8Array;
  readonly body: Uint8Array;
  readonly at: bigint;
}
interface Totals {
  readonly accounts: bigint;
  readonly recipients: bigint;
  readonly messages: bigint;
  readonly bytes: bigint;
}

/** Everything of one account, whose number is the one value of each. */
export const DROP_ACCOUNT = [
  'DELETE FROM account WHERE id=?1',
  'DELETE FROM message WHERE account=?1',
  'DELETE FROM recipient_alias WHERE recipient IN (SELECT seq FROM recipient WHERE account=?1)',
  'DELETE FROM recipient WHERE account=?1',
  'DELETE FROM link WHERE account=?1',
] as const;

export type Statements = ReturnType<typeof statements>;

/** Every statement of the store, prepared once, with the type of the rows it selects. */
export function statements(database: DatabaseSync) {
  const change = (text: string): Change => database.prepare(text);
  /** Integers arrive as bigints. */
  const query = <T>(text: string): Query<T> => {
    const statement = database.prepare(text);
    statement.setReadBigInts(true);
    return {
      one: (...values) => statement.get(...values) as T | undefined,
      all: (...values) => statement.all(...values) as T[],
    };
  };
  return {
    accountByHash: query<{ id: bigint }>('SELECT id FROM account WHERE did_hash=?'),
    accountDid: query<{ did: string }>('SELECT did FROM account WHERE did_hash=?'),
    insertAccount: change(
      'INSERT INTO account(did_hash, did, granted_at, last_seen) VALUES(?,?,?,?)',
    ),
    touch: change('UPDATE account SET last_seen=? WHERE did_hash=? AND last_seen<?'),
    idleAccounts: query<{ id: bigint }>('SELECT id FROM account WHERE last_seen<? AND n=0 LIMIT ?'),
    dropAccount: DROP_ACCOUNT.map(change),
    deny: change('INSERT OR IGNORE INTO denied(did_hash, at) VALUES(?,?)'),
    allow: change('DELETE FROM denied WHERE did_hash=?'),
    denied: query<{ at: bigint }>('SELECT at FROM denied WHERE did_hash=?'),
    recipientByHash: query<Recipient>(
      'SELECT account, did_hash AS rcpt FROM recipient WHERE did_hash=?',
    ),
    recipientByAlias: query<Recipient>(`SELECT r.account, r.did_hash AS rcpt FROM recipient_alias a
      JOIN recipient r ON r.seq=a.recipient WHERE a.alias_hash=? ORDER BY r.seq LIMIT 1`),
    countRecipients: query<{ n: bigint }>('SELECT count(*) AS n FROM recipient WHERE account=?'),
    listRecipients: query<{ did: string }>(
      'SELECT did FROM recipient WHERE account=? ORDER BY seq LIMIT ? OFFSET ?',
    ),
    insertRecipient: change(
      'INSERT INTO recipient(did_hash, account, did, added_at) VALUES(?,?,?,?)',
    ),
    insertAlias: change('INSERT OR IGNORE INTO recipient_alias(alias_hash, recipient) VALUES(?,?)'),
    deleteAliases: change(`DELETE FROM recipient_alias
      WHERE recipient=(SELECT seq FROM recipient WHERE did_hash=?)`),
    deleteRecipient: change('DELETE FROM recipient WHERE did_hash=?'),
    /** The next row from a number on, as rows are missing; `last` are their greatest numbers. */
    someRecipient: query<{ did: string }>('SELECT did FROM recipient WHERE seq>=? LIMIT 1'),
    lastRecipient: query<{ seq: bigint }>('SELECT max(seq) AS seq FROM recipient'),
    lastAccount: query<{ id: bigint }>('SELECT max(id) AS id FROM account'),
    /** Of the account with a number or the next one: what a letter of an id needs to know, from every index it is put into. */
    inbox: query<{ push: string | null; held: bigint | null }>(`SELECT a.push,
      (SELECT seq FROM message WHERE account=a.id AND id=?) AS held,
      (SELECT seq FROM message INDEXED BY message_inbox WHERE account=a.id ORDER BY seq DESC LIMIT 1) AS last
      FROM account a WHERE a.id>=? ORDER BY a.id LIMIT 1`),
    addToQuota: change('UPDATE account SET n=n+?, bytes=bytes+? WHERE id=? AND n<=? AND bytes<=?'),
    takeFromQuota: change('UPDATE account SET n=n-1, bytes=bytes-? WHERE id=?'),
    insertMessage: change(`INSERT INTO
      message(account, id, rcpt, received_at, expires_at, size, body) VALUES(?,?,?,?,?,?,?)`),
    statusOfAccount: query<StatusRow>(`SELECT n, bytes,
      (SELECT received_at FROM message WHERE account=? ORDER BY seq LIMIT 1) AS oldest,
      (SELECT received_at FROM message WHERE account=? ORDER BY seq DESC LIMIT 1) AS newest
      FROM account WHERE id=?`),
    statusOfRecipient: query<StatusRow>(`SELECT count(*) AS n, sum(size) AS bytes,
      min(received_at) AS oldest, max(received_at) AS newest
      FROM message WHERE account=? AND rcpt=?`),
    sizesOfAccount: query<SizeRow>(
      'SELECT seq, size FROM message WHERE account=? ORDER BY seq LIMIT ?',
    ),
    sizesOfRecipient: query<SizeRow>(
      'SELECT seq, size FROM message WHERE account=? AND rcpt=? ORDER BY seq LIMIT ?',
    ),
    message: query<MessageRow>('SELECT id, body, received_at AS at FROM message WHERE seq=?'),
    deleteMessage: query<{ size: bigint }>(
      'DELETE FROM message WHERE account=? AND id=? RETURNING size',
    ),
    deleteExpired: query<{ account: bigint; size: bigint }>(`DELETE FROM message WHERE seq IN
      (SELECT seq FROM message WHERE expires_at<=? LIMIT ?) RETURNING account, size`),
    linkHolder: query<{ account: bigint }>('SELECT account FROM link WHERE id=? AND expires_at>?'),
    countOtherLinks: query<{ n: bigint }>(
      'SELECT count(*) AS n FROM link WHERE account=? AND id<>? AND expires_at>?',
    ),
    putLink: change('INSERT OR REPLACE INTO link(id, account, expires_at, body) VALUES(?,?,?,?)'),
    deleteLink: change('DELETE FROM link WHERE account=? AND id=?'),
    link: query<{ body: Uint8Array }>('SELECT body FROM link WHERE id=? AND expires_at>?'),
    deleteExpiredLinks: change(`DELETE FROM link WHERE id IN
      (SELECT id FROM link WHERE expires_at<=? LIMIT ?)`),
    push: query<{ push: string | null; at: bigint; n: bigint }>(
      'SELECT push, push_at AS at, n FROM account WHERE id=?',
    ),
    setPush: change('UPDATE account SET push=? WHERE id=?'),
    dropPush: change('UPDATE account SET push=NULL WHERE id=? AND push=?'),
    takePushTurn: change('UPDATE account SET push_at=? WHERE id=?'),
    replay: query<{ until: bigint }>('SELECT until FROM replay WHERE key=?'),
    insertReplay: change('INSERT OR IGNORE INTO replay(key, until) VALUES(?,?)'),
    deleteReplay: change(`DELETE FROM replay WHERE key IN
      (SELECT key FROM replay WHERE until<=? LIMIT ?)`),
    stats:
      query<Totals>(`SELECT count(*) AS accounts, (SELECT count(*) FROM recipient) AS recipients,
      coalesce(sum(n),0) AS messages, coalesce(sum(bytes),0) AS bytes FROM account WHERE id > 0`),
  };
}

import { NOBODIES } from './nobody.ts';

/** The tables of the store; `rcpt` is the registered DID that a message was forwarded to. */
const FIRST = `
CREATE TABLE account(
  id INTEGER PRIMARY KEY, did_hash BLOB NOT NULL UNIQUE, did TEXT NOT NULL, granted_at INTEGER NOT NULL,
  n INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0);
CREATE TABLE recipient(
  seq INTEGER PRIMARY KEY, did_hash BLOB NOT NULL UNIQUE, account INTEGER NOT NULL, did TEXT NOT NULL,
  added_at INTEGER NOT NULL);
CREATE INDEX recipient_account ON recipient(account, seq);
CREATE TABLE recipient_alias(
  alias_hash BLOB NOT NULL, recipient INTEGER NOT NULL, PRIMARY KEY(alias_hash, recipient)) WITHOUT ROWID;
CREATE INDEX recipient_alias_recipient ON recipient_alias(recipient);
CREATE TABLE message(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, id BLOB NOT NULL, rcpt BLOB NOT NULL,
  received_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX message_inbox ON message(account, seq);
CREATE INDEX message_expiry ON message(expires_at);
CREATE UNIQUE INDEX message_id ON message(account, id);
CREATE TABLE replay(key BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX replay_until ON replay(until);
`;

const LINKS = `
CREATE TABLE link(
  id BLOB PRIMARY KEY, account INTEGER NOT NULL, expires_at INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX link_account ON link(account);
CREATE INDEX link_expiry ON link(expires_at);
`;

const PUSH = 'ALTER TABLE account ADD COLUMN push TEXT;';
const PUSH_TURNS = 'ALTER TABLE account ADD COLUMN push_at INTEGER NOT NULL DEFAULT 0;';

/** What the operator decides, when an account was last heard of, and the inboxes of what is for nobody. */
const OPERATIONS = `
CREATE TABLE denied(did_hash BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
ALTER TABLE account ADD COLUMN last_seen INTEGER NOT NULL DEFAULT 0;
UPDATE account SET last_seen=granted_at;
CREATE INDEX account_last_seen ON account(last_seen);
INSERT INTO account(id, did_hash, did, granted_at, last_seen)
  VALUES ${NOBODIES.map((i) => `(${-i}, CAST(char(${i}) AS BLOB), '', 0, ${Number.MAX_SAFE_INTEGER})`).join(',')};
`;

/** So that the number of an account that is gone is never another's: sockets and pushes go by it. */
const NUMBERS = `
CREATE TABLE numbered(
  id INTEGER PRIMARY KEY AUTOINCREMENT, did_hash BLOB NOT NULL UNIQUE, did TEXT NOT NULL, granted_at INTEGER NOT NULL,
  n INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, push TEXT, push_at INTEGER NOT NULL DEFAULT 0,
  last_seen INTEGER NOT NULL);
INSERT INTO numbered(id, did_hash, did, granted_at, n, bytes, push, push_at, last_seen)
  SELECT id, did_hash, did, granted_at, n, bytes, push, push_at, last_seen FROM account;
DROP TABLE account;
ALTER TABLE numbered RENAME TO account;
CREATE INDEX account_last_seen ON account(last_seen);
`;

/** What brings a file from version n to n + 1; a new file goes through all of them. */
export const STEPS: readonly string[] = [FIRST, LINKS, PUSH, PUSH_TURNS, OPERATIONS, NUMBERS];

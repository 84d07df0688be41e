import { NOBODIES } from '../nobody.ts';
import { FUNCTIONS } from './functions.ts';

/**
 * The tables of the SQLite store, with `message` in sixteen parts so that its indexes stay small and vacuum
 * works on several at once; an account lies in one of them. A body of a usual size stays in its row and is
 * never compressed: it is ciphertext. `node` and `session` say which process has sockets of whom; a crash of
 * the server empties them, and the processes write them anew.
 */
const FIRST = `
CREATE TABLE setting(name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE account(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, did_hash bytea NOT NULL UNIQUE, did text NOT NULL,
  granted_at bigint NOT NULL, last_seen bigint NOT NULL, n bigint NOT NULL DEFAULT 0, bytes bigint NOT NULL DEFAULT 0,
  push text, push_at bigint NOT NULL DEFAULT 0)
  WITH (fillfactor=80);
CREATE INDEX account_last_seen ON account(last_seen);
INSERT INTO account(id, did_hash, did, granted_at, last_seen) OVERRIDING SYSTEM VALUE
  SELECT -i, set_byte('\\x00', 0, i), '', 0, ${Number.MAX_SAFE_INTEGER} FROM generate_series(0, ${NOBODIES.length - 1}) i;
CREATE TABLE denied(did_hash bytea PRIMARY KEY, at bigint NOT NULL);
CREATE TABLE recipient(
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, did_hash bytea NOT NULL UNIQUE, account bigint NOT NULL,
  did text NOT NULL, added_at bigint NOT NULL);
CREATE INDEX recipient_account ON recipient(account, seq);
CREATE TABLE recipient_alias(alias_hash bytea, recipient bigint, PRIMARY KEY(alias_hash, recipient));
CREATE INDEX recipient_alias_recipient ON recipient_alias(recipient);
CREATE SEQUENCE message_seq;
CREATE TABLE message(
  account bigint NOT NULL, seq bigint NOT NULL DEFAULT nextval('message_seq'), id bytea NOT NULL,
  rcpt bytea NOT NULL, received_at bigint NOT NULL, expires_at bigint NOT NULL, size integer NOT NULL,
  body bytea NOT NULL, PRIMARY KEY(account, seq), UNIQUE(account, id)) PARTITION BY HASH(account);
ALTER TABLE message ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX message_expiry ON message(expires_at);
DO $$ BEGIN
  FOR part IN 0..15 LOOP
    EXECUTE format('CREATE TABLE message_%s PARTITION OF message FOR VALUES WITH (MODULUS 16, REMAINDER %s)
      WITH (toast_tuple_target=8160, autovacuum_vacuum_scale_factor=0.05)', part, part);
  END LOOP;
END $$;
CREATE TABLE replay(key bytea PRIMARY KEY, until bigint NOT NULL);
CREATE INDEX replay_until ON replay(until);
CREATE TABLE link(
  id bytea PRIMARY KEY, account bigint NOT NULL, expires_at bigint NOT NULL, body bytea NOT NULL);
CREATE INDEX link_account ON link(account);
CREATE INDEX link_expiry ON link(expires_at);
CREATE UNLOGGED TABLE node(id text PRIMARY KEY, address text NOT NULL, seen_at timestamptz NOT NULL);
CREATE UNLOGGED TABLE session(account bigint, node text, PRIMARY KEY(account, node));
CREATE INDEX session_node ON session(node);
`;

/** What brings a database from version n to n + 1; a new one goes through all of them. */
export const STEPS: readonly string[] = [`${FIRST}${FUNCTIONS}`];

import { NOBODIES } from '../nobody.ts';
import { LOCKS } from './locks.ts';

/** A node that said nothing for so long is gone. */
export const NODE_TTL = "interval '60 seconds'";

// What must be one transaction is one function, so that it is one round trip. Whoever changes an inbox holds
// the row of its account first, and rows of several accounts are taken in the order of their numbers: so
// nobody waits in a circle, and what was counted under the lock stays true until the commit.

const OWNER_OF = `
CREATE FUNCTION owner_of(name bytea) RETURNS TABLE(account bigint, rcpt bytea) LANGUAGE sql STABLE AS $$
  SELECT o.account, o.rcpt FROM (
    SELECT a.id AS account, a.did_hash AS rcpt, 1 AS rank, 0 AS seq FROM account a WHERE a.did_hash = name
    UNION ALL
    SELECT r.account, r.did_hash, 2, 0 FROM recipient r WHERE r.did_hash = name
    UNION ALL
    SELECT r.account, r.did_hash, 3, r.seq
      FROM recipient_alias x JOIN recipient r ON r.seq = x.recipient WHERE x.alias_hash = name) o
  ORDER BY o.rank, o.seq LIMIT 1 $$;
CREATE FUNCTION any_account() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE start bigint := floor(random() * (SELECT max(a.id) + 1 FROM account a));
BEGIN
  RETURN (SELECT a.id FROM account a WHERE a.id >= start ORDER BY a.id LIMIT 1);
END $$;
CREATE FUNCTION lock_accounts(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM 1 FROM account a WHERE a.id = ANY(ids) ORDER BY a.id FOR NO KEY UPDATE;
END $$;
`;

/** Names are taken by whoever holds their locks: 256 of them, by the first byte of the hash, in order. */
const NAMES = `
CREATE FUNCTION lock_names(names bytea[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_advisory_xact_lock(${LOCKS.names}, b.first)
    FROM (SELECT DISTINCT get_byte(t.name, 0) AS first FROM unnest(names) t(name) ORDER BY first) b;
END $$;
CREATE FUNCTION forget_recipient(hash bytea) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM recipient_alias x USING recipient r WHERE r.did_hash = hash AND x.recipient = r.seq;
  DELETE FROM recipient r WHERE r.did_hash = hash;
END $$;
CREATE FUNCTION grant_account(hash bytea, name text, now_ms bigint)
RETURNS TABLE(account bigint, created boolean) LANGUAGE plpgsql AS $$ BEGIN
  RETURN QUERY SELECT a.id, false FROM account a WHERE a.did_hash = hash;
  IF FOUND THEN RETURN; END IF;
  PERFORM lock_names(ARRAY[hash]);
  RETURN QUERY SELECT a.id, false FROM account a WHERE a.did_hash = hash;
  IF FOUND THEN RETURN; END IF;
  PERFORM forget_recipient(hash);
  RETURN QUERY INSERT INTO account(did_hash, did, granted_at, last_seen)
    VALUES (hash, name, now_ms, now_ms) RETURNING id, true;
END $$;
CREATE FUNCTION change_list(own bigint, changes jsonb, now_ms bigint, most bigint) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
  change record;
  added bigint;
  held bigint;
  results text[] := '{}';
BEGIN
  PERFORM lock_names(ARRAY(SELECT decode(n.name, 'hex')
    FROM jsonb_array_elements(changes) c, jsonb_array_elements_text(c->'names') n(name)));
  PERFORM lock_accounts(ARRAY[own]);
  SELECT count(*) INTO held FROM recipient r WHERE r.account = own;
  FOR change IN
    SELECT c->>'action' AS action, c->>'did' AS did,
      ARRAY(SELECT decode(t.name, 'hex') FROM jsonb_array_elements_text(c->'names') t(name)) AS names
    FROM jsonb_array_elements(changes) WITH ORDINALITY AS l(c, i) ORDER BY i
  LOOP
    IF change.action = 'remove' THEN
      IF EXISTS(SELECT FROM recipient r WHERE r.did_hash = change.names[1] AND r.account = own) THEN
        PERFORM forget_recipient(change.names[1]);
        held := held - 1;
        results := results || 'success'::text;
      ELSE results := results || 'no_change'::text;
      END IF;
    ELSIF EXISTS(SELECT FROM owner_of(change.names[1]) o WHERE o.account <> own) THEN
      results := results || 'client_error'::text;
    ELSIF EXISTS(SELECT FROM recipient r WHERE r.did_hash = change.names[1]) THEN
      results := results || 'no_change'::text;
    ELSIF EXISTS(SELECT FROM unnest(change.names) n(name), owner_of(n.name) o WHERE o.account <> own)
      OR held >= most THEN
      results := results || 'client_error'::text;
    ELSE
      INSERT INTO recipient(did_hash, account, did, added_at)
        VALUES (change.names[1], own, change.did, now_ms) RETURNING seq INTO added;
      INSERT INTO recipient_alias SELECT DISTINCT n.name, added FROM unnest(change.names[2:]) n(name);
      held := held + 1;
      results := results || 'success'::text;
    END IF;
  END LOOP;
  RETURN results;
END $$;
`;

/**
 * One round trip for a batch of any number of inboxes: who they are for, duplicates, quotas, rows. `firsts`: for
 * each letter the place of the first one of its forward, which is stored as a whole or not at all.
 */
const ENQUEUE = `
CREATE FUNCTION enqueue(nexts bytea[], firsts integer[], ids bytea[], sizes integer[], bodies bytea,
  received bigint[], expires bigint[], most bigint, most_bytes bigint, own_node text)
RETURNS TABLE(outcome text, owner bigint, elsewhere text[], subscribed boolean) LANGUAGE plpgsql AS $$
DECLARE
  owners bigint[];
  visited bigint[];
  rcpts bytea[];
  strangers boolean[];
  nobodies bigint[];
  outcomes text[] := array_fill(NULL::text, ARRAY[cardinality(ids)]);
  item record;
  current bigint;
  used bigint;
  used_bytes bigint;
  before bigint;
  before_bytes bigint;
  fits boolean;
BEGIN
  SELECT array_agg(coalesce(o.account, t.nobody) ORDER BY t.i), array_agg(coalesce(o.rcpt, t.next) ORDER BY t.i),
      array_agg(o.account IS NULL ORDER BY t.i), array_agg(t.nobody ORDER BY t.i),
      array_agg(coalesce(o.account, t.some) ORDER BY t.i)
    INTO owners, rcpts, strangers, nobodies, visited
    FROM (SELECT u.next, u.i, any_account() AS some, -(get_byte(ids[u.first], 0) & ${NOBODIES.length - 1})::bigint AS nobody
      FROM unnest(nexts, firsts) WITH ORDINALITY AS u(next, first, i)) t LEFT JOIN LATERAL owner_of(t.next) o ON true;
  -- [Note: Strangers cost the same] Some account is locked and looked into for them too.
  PERFORM lock_accounts(owners || visited);
  PERFORM (SELECT m.seq FROM message m WHERE m.account = v.account AND m.id = v.id),
      (SELECT r.did_hash FROM recipient r WHERE r.account = v.account ORDER BY r.seq LIMIT 1)
    FROM unnest(visited, ids) v(account, id);
  FOR item IN
    SELECT t.i, t.first, t.size, a.id AS account, a.n, a.bytes,
      lag(t.i) OVER (PARTITION BY a.id, t.id ORDER BY t.i) AS same,
      EXISTS(SELECT FROM message m WHERE m.account = t.account AND m.id = t.id) AS held
    FROM unnest(owners, firsts, ids, sizes) WITH ORDINALITY AS t(account, first, id, size, i)
      JOIN account a ON a.id = t.account
    ORDER BY a.id, t.i
  LOOP
    IF current IS DISTINCT FROM item.account THEN
      current := item.account; used := item.n; used_bytes := item.bytes;
    END IF;
    IF item.i = item.first THEN before := used; before_bytes := used_bytes; fits := true; END IF;
    IF item.held THEN outcomes[item.i] := 'duplicate';
    ELSIF outcomes[item.same] IN ('stored', 'again', 'duplicate') THEN -- the same envelope twice in this batch
      outcomes[item.i] := CASE WHEN item.same < item.first THEN 'duplicate' ELSE 'again' END;
    ELSIF fits AND used < most AND used_bytes + item.size <= most_bytes THEN
      outcomes[item.i] := 'stored'; used := used + 1; used_bytes := used_bytes + item.size;
    ELSE
      fits := false; used := before; used_bytes := before_bytes; outcomes[item.i] := 'full';
      FOR i IN item.first..item.i LOOP
        IF outcomes[i] IN ('stored', 'again') THEN outcomes[i] := 'full'; END IF;
      END LOOP;
    END IF;
  END LOOP;
  -- What was there already is put into the inbox of nobody, as is theirs.
  FOR i IN 1..cardinality(ids) LOOP
    IF outcomes[i] IN ('duplicate', 'again') THEN
      outcomes[i] := 'duplicate'; owners[i] := nobodies[i]; ids[i] := uuid_send(gen_random_uuid()); expires[i] := received[i];
    ELSIF strangers[i] THEN expires[i] := received[i];
    END IF;
  END LOOP;
  INSERT INTO message(account, id, rcpt, received_at, expires_at, size, body)
    SELECT t.account, t.id, t.rcpt, t.received, t.expires, t.size, substring(bodies FROM t.start FOR t.size)
    FROM (SELECT u.*, (sum(u.size) OVER (ORDER BY u.i))::integer - u.size + 1 AS start
      FROM unnest(outcomes, owners, ids, rcpts, received, expires, sizes) WITH ORDINALITY
        AS u(outcome, account, id, rcpt, received, expires, size, i)) t
    WHERE t.outcome <> 'full' ORDER BY t.i;
  UPDATE account a SET n = a.n + s.n, bytes = a.bytes + s.bytes
    FROM (SELECT u.account, count(*) AS n, sum(u.size) AS bytes FROM unnest(outcomes, owners, sizes)
      AS u(outcome, account, size) WHERE u.outcome <> 'full' GROUP BY u.account) s
    WHERE a.id = s.account;
  RETURN QUERY SELECT CASE WHEN t.stranger THEN 'unknown' ELSE t.outcome END, t.account, ARRAY(
      SELECT n.address FROM session s JOIN node n ON n.id = s.node WHERE t.outcome = 'stored'
        AND s.account = t.account AND s.node <> own_node AND n.seen_at > now() - ${NODE_TTL}),
      EXISTS(SELECT FROM account a WHERE a.id = t.account AND a.push IS NOT NULL)
    FROM unnest(outcomes, owners, strangers) WITH ORDINALITY AS t(outcome, account, stranger, i) ORDER BY t.i;
END $$;
`;

const REMOVE = `
CREATE FUNCTION acknowledge(owners bigint[], ids bytea[]) RETURNS TABLE(account bigint, id bytea)
LANGUAGE plpgsql AS $$ BEGIN
  PERFORM lock_accounts(owners);
  RETURN QUERY
    WITH gone AS (
      DELETE FROM message m USING (SELECT DISTINCT u.owner, u.id FROM unnest(owners, ids) u(owner, id)) t
        WHERE m.account = t.owner AND m.id = t.id RETURNING m.account, m.id, m.size),
    given_back AS (
      UPDATE account a SET n = a.n - s.n, bytes = a.bytes - s.bytes
        FROM (SELECT g.account, count(*) AS n, sum(g.size) AS bytes FROM gone g GROUP BY g.account) s
        WHERE a.id = s.account)
    SELECT g.account, g.id FROM gone g;
END $$;
-- Of several nodes one expires at a time. In order: what nothing is known of yet would else be read through.
CREATE FUNCTION expire(now_ms bigint, most bigint) RETURNS TABLE(messages bigint, is_more boolean)
LANGUAGE plpgsql AS $$
DECLARE
  owners bigint[];
  ids bytea[];
  replays bigint;
  links bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(${LOCKS.expiry}, 0) THEN RETURN QUERY SELECT 0::bigint, false; RETURN; END IF;
  SELECT array_agg(t.account), array_agg(t.id) INTO owners, ids
    FROM (SELECT m.account, m.id FROM message m WHERE m.expires_at <= now_ms
      ORDER BY m.expires_at LIMIT most) t;
  SELECT count(*) INTO messages FROM acknowledge(owners, ids);
  DELETE FROM replay WHERE key IN
    (SELECT r.key FROM replay r WHERE r.until <= now_ms ORDER BY r.until LIMIT most);
  GET DIAGNOSTICS replays = ROW_COUNT;
  DELETE FROM link WHERE id IN
    (SELECT l.id FROM link l WHERE l.expires_at <= now_ms ORDER BY l.expires_at LIMIT most);
  GET DIAGNOSTICS links = ROW_COUNT;
  is_more := greatest(messages, replays, links) = most;
  RETURN NEXT;
END $$;
`;

const LINKS = `
CREATE FUNCTION put_link(own bigint, link_id bytea, content bytea, expiry bigint, now_ms bigint, most bigint)
RETURNS text LANGUAGE plpgsql AS $$ BEGIN
  PERFORM lock_accounts(ARRAY[own]);
  IF EXISTS(SELECT FROM link l WHERE l.id = link_id AND l.expires_at > now_ms AND l.account <> own) THEN
    RETURN 'taken';
  END IF;
  IF (SELECT count(*) FROM link l WHERE l.account = own AND l.id <> link_id AND l.expires_at > now_ms) >= most THEN
    RETURN 'full';
  END IF;
  INSERT INTO link AS l(id, account, expires_at, body) VALUES (link_id, own, expiry, content)
    ON CONFLICT (id) DO UPDATE SET account = own, expires_at = expiry, body = content
    WHERE l.account = own OR l.expires_at <= now_ms;
  RETURN CASE WHEN FOUND THEN 'stored' ELSE 'taken' END;
END $$;
`;

/** The row of the account is locked, so that of several nodes one gets the turn. */
const PUSH = `
CREATE FUNCTION take_push_turn(own bigint, now_ms bigint, next_at bigint, own_node text)
RETURNS TABLE(subscription text, until bigint) LANGUAGE plpgsql AS $$
DECLARE
  found_push text;
  found_at bigint;
BEGIN
  PERFORM lock_accounts(ARRAY[own]);
  SELECT a.push, a.push_at INTO found_push, found_at FROM account a
    WHERE a.id = own AND a.push IS NOT NULL AND a.n > 0 AND NOT EXISTS(
      SELECT FROM session s JOIN node n ON n.id = s.node
      WHERE s.account = own AND s.node <> own_node AND n.seen_at > now() - ${NODE_TTL});
  IF NOT FOUND THEN RETURN; END IF;
  IF found_at > now_ms THEN RETURN QUERY SELECT NULL::text, found_at; RETURN; END IF;
  UPDATE account a SET push_at = next_at WHERE a.id = own;
  RETURN QUERY SELECT found_push, next_at;
END $$;
`;

export const FUNCTIONS = `${OWNER_OF}${NAMES}${ENQUEUE}${REMOVE}${LINKS}${PUSH}`;

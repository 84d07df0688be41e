import type { LiveNodes } from '../live-nodes.ts';
import type { Database } from './database.ts';
import { NODE_TTL } from './functions.ts';
import { plain } from './inbox.ts';

interface NewRow {
  readonly seq: bigint;
  readonly id: Uint8Array;
  readonly body: Uint8Array;
  readonly at: bigint;
}

/** @param node the id of this process */
export function liveNodes(database: Database, node: string): LiveNodes {
  return {
    beat: async (address) => {
      const [row] = await database.query<{ known: boolean }>('beat', BEAT, [node, address]);
      await database.query('bury', BURY, []);
      return row?.known ?? false;
    },
    join: async (account) => {
      await database.query('join', JOIN, [[account], node]);
      const [row] = await database.query<{ seq: bigint | null }>(
        'newest',
        'SELECT max(seq) AS seq FROM message WHERE account=$1',
        [account],
      );
      return row?.seq ?? 0n;
    },
    leave: async (account) => {
      await database.query('leave', 'DELETE FROM session WHERE account=$1 AND node=$2', [
        account,
        node,
      ]);
    },
    rejoin: async (accounts) => {
      await database.query('join', JOIN, [accounts, node]);
    },
    withNewMail: async (positions) => {
      const rows = await database.query<{ account: bigint }>('with-new-mail', WITH_NEW_MAIL, [
        [...positions.keys()],
        [...positions.values()],
      ]);
      return rows.map(({ account }) => account);
    },
    mailAfter: async (account, position, { limit, maxBytes }) => {
      const rows = await database.query<NewRow>('mail-after', MAIL_AFTER, [
        account,
        position,
        limit,
        maxBytes,
      ]);
      return {
        messages: rows.map(({ id, body, at }) => ({
          id: plain(id),
          body: plain(body),
          at: Number(at),
        })),
        last: rows.at(-1)?.seq ?? position,
      };
    },
    others: async () => {
      const [row] = await database.query<{ n: bigint }>('others', OTHERS, [node]);
      return Number(row?.n ?? 0);
    },
    goodbye: async () => {
      await database.query('goodbye', GOODBYE, [node]);
    },
  };
}

const BEAT = `INSERT INTO node AS n(id, address, seen_at) VALUES($1, $2, now())
  ON CONFLICT (id) DO UPDATE SET seen_at=now() RETURNING n.xmax <> 0 AS known`;
const OTHERS = `SELECT count(*) AS n FROM node WHERE id <> $1 AND seen_at > now() - ${NODE_TTL}`;
const GOODBYE = `WITH gone AS (DELETE FROM node WHERE id=$1) DELETE FROM session WHERE node=$1`;
const BURY = `WITH dead AS (DELETE FROM node WHERE seen_at < now() - ${NODE_TTL} RETURNING id)
  DELETE FROM session s USING dead WHERE s.node=dead.id`;
const JOIN = `INSERT INTO session(account, node)
  SELECT DISTINCT t.account, $2 FROM unnest($1::bigint[]) t(account) ON CONFLICT DO NOTHING`;
const WITH_NEW_MAIL = `SELECT t.account FROM unnest($1::bigint[], $2::bigint[]) t(account, position)
  WHERE EXISTS(SELECT FROM message m WHERE m.account=t.account AND m.seq>t.position)`;
const MAIL_AFTER = `SELECT seq, id, body, received_at AS at FROM (
    SELECT seq, id, body, received_at, row_number() OVER page AS place, sum(size) OVER page AS total
    FROM message WHERE account=$1 AND seq>$2 WINDOW page AS (ORDER BY seq) LIMIT $3) p
  WHERE place = 1 OR total <= $4 ORDER BY seq`;

import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Metrics } from '../../operations/metrics.ts';
import type { LiveNodes } from '../live-nodes.ts';
import { STORE_LIMITS, type Hash, type InboxStore, type StoreLimits } from '../types.ts';
import { openPool, type Database } from './database.ts';
import { inboxes, plain } from './inbox.ts';
import { Lane } from './lane.ts';
import { prepare } from './migrate.ts';
import { names } from './names.ts';
import { liveNodes } from './nodes.ts';
import { settingsIn, type DatabaseSettings } from './settings.ts';

/** What several nodes share: one PostgreSQL database. @throws StoreError */
export async function openPostgres(
  url: string,
  limits: StoreLimits = STORE_LIMITS,
  metrics?: Metrics,
): Promise<{ store: InboxStore; settings: DatabaseSettings; nodes: LiveNodes }> {
  const database = openPool(url);
  try {
    await prepare(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  const node = randomUUID();
  return {
    store: storeOn(database, limits, node, metrics),
    settings: settingsIn(database),
    nodes: liveNodes(database, node),
  };
}

interface Envelope {
  readonly key: Hash;
  readonly until: number;
}

function storeOn(
  database: Database,
  limits: StoreLimits,
  node: string,
  metrics?: Metrics,
): InboxStore {
  const mail = inboxes(database, limits, node, metrics);
  const replays = new Lane({
    run: (keys: readonly Envelope[]) => remember(database, keys),
    most: 256,
  });

  return {
    ...names(database, limits),
    ...mail.store,
    putLink: async (account, { id, body, expiresAt }, now) => {
      const [row] = await database.query<{ put: 'stored' | 'full' | 'taken' }>(
        'put-link',
        'SELECT put_link($1,$2,$3,$4,$5,$6) AS put',
        [account, id, body, expiresAt, now, limits.linksPerAccount],
      );
      return row?.put ?? 'taken';
    },
    removeLink: async (account, id) => {
      await database.query('remove-link', 'DELETE FROM link WHERE account=$1 AND id=$2', [
        account,
        id,
      ]);
    },
    link: async (id, now) => {
      const [row] = await database.query<{ body: Uint8Array }>(
        'link',
        'SELECT body FROM link WHERE id=$1 AND expires_at>$2',
        [id, now],
      );
      return row && plain(row.body);
    },
    push: async (account, subscription) => {
      if (subscription === undefined) {
        const [row] = await database.query<{ push: string | null }>(
          'push',
          'SELECT push FROM account WHERE id=$1',
          [account],
        );
        return row?.push ?? undefined;
      }
      await database.query('set-push', 'UPDATE account SET push=$2 WHERE id=$1', [
        account,
        subscription,
      ]);
      return subscription ?? undefined;
    },
    takePushTurn: async (account, now, nextAt) => {
      const [row] = await database.query<{ subscription: string | null; until: bigint }>(
        'take-push-turn',
        'SELECT subscription, until FROM take_push_turn($1,$2,$3,$4)',
        [account, now, nextAt, node],
      );
      if (!row) return { kind: 'none' };
      return row.subscription === null
        ? { kind: 'wait', until: Number(row.until) }
        : { kind: 'now', subscription: row.subscription };
    },
    dropPush: async (account, subscription) => {
      await database.query('drop-push', 'UPDATE account SET push=NULL WHERE id=$1 AND push=$2', [
        account,
        subscription,
      ]);
    },
    knows: async (key) =>
      (await database.query('knows', 'SELECT FROM replay WHERE key=$1', [key])).length > 0,
    seen: (key, until) => replays.ask({ key, until }),
    expire: async (now, max) => {
      const [row] = await database.query<{ messages: bigint; is_more: boolean }>(
        'expire',
        'SELECT messages, is_more FROM expire($1,$2)',
        [now, max],
      );
      return { messages: Number(row?.messages ?? 0), isMore: row?.is_more ?? false };
    },
    stats: async () => {
      const [row] = await database.query<
        Record<'accounts' | 'recipients' | 'messages' | 'bytes', bigint>
      >('stats', STATS, []);
      return {
        accounts: Number(row?.accounts),
        recipients: Number(row?.recipients),
        messages: Number(row?.messages),
        bytes: Number(row?.bytes),
      };
    },
    close: async () => {
      await Promise.all([mail.idle(), replays.idle()]);
      await database.close();
    },
  };
}

const STATS = `SELECT count(*) AS accounts, (SELECT count(*) FROM recipient) AS recipients,
  coalesce(sum(n), 0)::bigint AS messages, coalesce(sum(bytes), 0)::bigint AS bytes FROM account WHERE id > 0`;

/** @returns for each key whether it was known; sorted, so that no two nodes wait for each other in a circle */
async function remember(
  database: Database,
  keys: readonly Envelope[],
): Promise<readonly boolean[]> {
  const rows = await database.query<{ key: Buffer }>(
    'remember',
    `INSERT INTO replay(key, until) SELECT t.key, t.until FROM unnest($1::bytea[], $2::bigint[]) t(key, until)
     ORDER BY t.key ON CONFLICT DO NOTHING RETURNING key`,
    [keys.map(({ key }) => key), keys.map(({ until }) => until)],
  );
  const fresh = new Set(rows.map(({ key }) => key.toString('hex')));
  return keys.map(({ key }) => !fresh.delete(Buffer.from(key).toString('hex')));
}

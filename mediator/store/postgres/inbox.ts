import { noMetrics, type Metrics } from '../../operations/metrics.ts';
import { statusOf, type StatusRow } from '../status-row.ts';
import type { Forwarded, InboxStore, Put, StoreLimits } from '../types.ts';
import type { Database } from './database.ts';
import { Lane } from './lane.ts';

const BATCH = 256;
const BATCH_BYTES = 8 * 1024 * 1024;

interface Inbox {
  readonly store: Pick<InboxStore, 'enqueue' | 'status' | 'fetch' | 'ack'>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface MessageRow {
  readonly id: Uint8Array;
  readonly body: Uint8Array;
  readonly at: bigint;
}

/**
 * Mail: what goes in and out in batches, one statement each.
 * @param node the id of this process among those of the database
 */
export function inboxes(
  database: Database,
  limits: StoreLimits,
  node: string,
  metrics: Metrics = noMetrics,
): Inbox {
  const arrivals = new Lane<Forwarded, readonly Put[]>({
    run: async (batch) => {
      const before = performance.now();
      const puts = await enqueue(database, limits, node, batch);
      metrics.observe('commit_milliseconds', performance.now() - before);
      metrics.observe('commit_size', batch.length);
      return puts;
    },
    most: BATCH,
    mostWeight: BATCH_BYTES,
    weigh: ({ letters }) => letters.reduce((sum, { body }) => sum + body.length, 0),
  });
  const departures = new Lane({
    run: (acks: readonly Ack[]) => acknowledge(database, acks),
    most: BATCH,
  });

  metrics.gauge('queue_depth', () => arrivals.waiting);

  const store: Inbox['store'] = {
    enqueue: (forwarded) => arrivals.ask(forwarded),
    status: async (account, recipient) => {
      const [row] = recipient
        ? await database.query<StatusRow>('status-of-recipient', STATUS_OF_RECIPIENT, [
            account,
            recipient,
          ])
        : await database.query<StatusRow>('status', STATUS, [account]);
      return statusOf(row);
    },
    fetch: async (account, { limit, maxBytes, recipient }) => {
      const rows = recipient
        ? await database.query<MessageRow>(
            'fetch-of-recipient',
            pageWhere('account=$1 AND rcpt=$4'),
            [account, limit, maxBytes, recipient],
          )
        : await database.query<MessageRow>('fetch', pageWhere('account=$1'), [
            account,
            limit,
            maxBytes,
          ]);
      return rows.map(({ id, body, at }) => ({ id: plain(id), body: plain(body), at: Number(at) }));
    },
    ack: (account, ids) => departures.ask({ account, ids }),
  };
  return {
    store,
    idle: async () => {
      await Promise.all([arrivals.idle(), departures.idle()]);
    },
  };
}

/** Without the driver's Buffer. */
export const plain = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length);

const STATUS = `SELECT n, bytes,
  (SELECT received_at FROM message WHERE account=$1 ORDER BY seq LIMIT 1) AS oldest,
  (SELECT received_at FROM message WHERE account=$1 ORDER BY seq DESC LIMIT 1) AS newest
  FROM account WHERE id=$1`;
const STATUS_OF_RECIPIENT = `SELECT count(*) AS n, sum(size) AS bytes, min(received_at) AS oldest,
  max(received_at) AS newest FROM message WHERE account=$1 AND rcpt=$2`;

/** The first message always, and those after it that fit with all before them. */
const pageWhere = (which: string): string => `
  SELECT id, body, received_at AS at FROM (
    SELECT seq, id, body, received_at, row_number() OVER page AS place, sum(size) OVER page AS total
    FROM message WHERE ${which} WINDOW page AS (ORDER BY seq) LIMIT $2) p
  WHERE place = 1 OR total <= $3 ORDER BY seq`;

interface Outcome {
  readonly outcome: 'stored' | 'duplicate' | 'unknown' | 'full';
  readonly owner: bigint | null;
  readonly elsewhere: readonly string[];
  readonly subscribed: boolean;
}

async function enqueue(
  database: Database,
  limits: StoreLimits,
  node: string,
  batch: readonly Forwarded[],
): Promise<readonly (readonly Put[])[]> {
  const firsts: number[] = [];
  const items = batch.flatMap(({ letters, ...shared }) => {
    const first = firsts.length + 1;
    firsts.push(...letters.map(() => first));
    return letters.map((letter) => ({ ...letter, ...shared }));
  });
  const rows = await database.query<Outcome>(
    'enqueue',
    'SELECT outcome, owner, elsewhere, subscribed FROM enqueue($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)',
    [
      items.map(({ next }) => next),
      firsts,
      items.map(({ id }) => id),
      items.map(({ body }) => body.length),
      // As one value: in an array every byte would travel as two letters.
      Buffer.concat(items.map(({ body }) => body)),
      items.map(({ receivedAt }) => receivedAt),
      items.map(({ expiresAt }) => expiresAt),
      limits.messagesPerInbox,
      limits.bytesPerInbox,
      node,
    ],
  );
  const puts = rows.map(({ outcome, owner, elsewhere, subscribed }): Put =>
    outcome === 'stored' && owner !== null
      ? { kind: outcome, account: owner, elsewhere, ...(subscribed && { subscribed }) }
      : { kind: outcome === 'stored' ? 'unknown' : outcome },
  );
  return batch.map(({ letters }) => puts.splice(0, letters.length));
}

interface Ack {
  readonly account: bigint;
  readonly ids: readonly Uint8Array[];
}

async function acknowledge(database: Database, acks: readonly Ack[]): Promise<readonly number[]> {
  const gone = await database.query<{ account: bigint; id: Buffer }>(
    'acknowledge',
    'SELECT account, id FROM acknowledge($1,$2)',
    [acks.flatMap(({ account, ids }) => ids.map(() => account)), acks.flatMap(({ ids }) => ids)],
  );
  const left = new Set(gone.map(({ account, id }) => `${account} ${id.toString('hex')}`));
  // Two that asked for the same: the first one did it.
  return acks.map(
    ({ account, ids }) =>
      ids.filter((id) => left.delete(`${account} ${Buffer.from(id).toString('hex')}`)).length,
  );
}

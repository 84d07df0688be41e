import { createHash, type Hash as Digest } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { AdminSql, SqlRow, SqlValue } from '../store/admin-sql.ts';

/*
 * A mediator as a file: one line of JSON for each thing it keeps, then the counts and a digest of all lines before.
 * Bytes are base64. The file holds undelivered (encrypted) mail and every DID, so only its owner may read it.
 */

const FORMAT = 'parley-mediator-export/1';
const PAGE = 500;

/** What is carried over, in this order: the table, its columns, and by what it is read page by page. */
const TABLES = {
  account: ['id', 'did_hash', 'did', 'granted_at', 'last_seen', 'n', 'bytes', 'push'],
  recipient: ['seq', 'did_hash', 'account', 'did', 'added_at'],
  recipient_alias: ['recipient', 'alias_hash'],
  message: ['seq', 'account', 'id', 'rcpt', 'received_at', 'expires_at', 'size', 'body'],
  link: ['id', 'account', 'expires_at', 'body'],
  replay: ['key', 'until'],
  denied: ['did_hash', 'at'],
} as const;
type Table = keyof typeof TABLES;

/** Pages go on after the last row by these columns. */
const ORDER: Readonly<Record<Table, readonly [string, ...string[]]>> = {
  account: ['id'],
  recipient: ['seq'],
  recipient_alias: ['recipient', 'alias_hash'],
  message: ['account', 'seq'],
  link: ['id'],
  replay: ['key'],
  denied: ['did_hash'],
};

/** All but what is for nobody. */
const REAL: Readonly<Record<Table, string>> = {
  account: 'id > 0',
  recipient: 'true',
  recipient_alias: 'true',
  message: 'account > 0',
  link: 'true',
  replay: 'true',
  denied: 'true',
};

const TABLE_NAMES = Object.keys(TABLES) as readonly Table[];
const isTable = (name: unknown): name is Table => TABLE_NAMES.some((table) => table === name);

export type Counts = Record<Table, number>;
const noCounts = (): Counts => ({
  account: 0,
  recipient: 0,
  recipient_alias: 0,
  message: 0,
  link: 0,
  replay: 0,
  denied: 0,
});

/** Why a file cannot be taken in; the operator reads it. */
export class TransferError extends Error {}

type Cell = string | number | null | { readonly b: string };

const toCell = (value: SqlValue): Cell =>
  value instanceof Uint8Array
    ? { b: Buffer.from(value).toString('base64') }
    : typeof value === 'bigint'
      ? Number(value)
      : value;
const fromCell = (cell: Cell): SqlValue =>
  typeof cell === 'object' && cell !== null ? new Uint8Array(Buffer.from(cell.b, 'base64')) : cell;

/** Writes everything as of one moment. @param settings the mediator's keys, by name */
export async function exportTo(
  sql: AdminSql,
  path: string,
  settings: ReadonlyMap<string, string>,
): Promise<Counts> {
  const file = createWriteStream(path, { mode: 0o600, flags: 'wx' });
  await once(file, 'open');
  const digest = createHash('sha256');
  const counts = noCounts();
  const write = async (line: unknown): Promise<void> => {
    const text = `${JSON.stringify(line)}\n`;
    digest.update(text);
    if (!file.write(text)) await once(file, 'drain');
  };
  await sql.transaction('snapshot', async () => {
    await write({ format: FORMAT });
    for (const [name, value] of settings) await write({ setting: name, value });
    for (const table of TABLE_NAMES)
      for await (const row of rowsOf(sql, table)) {
        counts[table] += 1;
        await write({ [table]: TABLES[table].map((column) => toCell(row[column] ?? null)) });
      }
  });
  file.end(`${JSON.stringify({ end: counts, sha256: digest.digest('hex') })}\n`);
  await once(file, 'close');
  return counts;
}

async function* rowsOf(sql: AdminSql, table: Table): AsyncGenerator<SqlRow> {
  const order = ORDER[table];
  const columns = TABLES[table].join(', ');
  const places = order.map((_, index) => `$${index + 1}`).join(', ');
  let after: readonly SqlValue[] | undefined;
  for (;;) {
    const where = after ? `WHERE (${order.join(', ')}) > (${places})` : `WHERE ${REAL[table]}`;
    const text = `SELECT ${columns} FROM ${table} ${where} ORDER BY ${order.join(', ')} LIMIT ${PAGE}`;
    const page = await sql.rows(text, after ?? []);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = order.map((column) => last[column] ?? null);
  }
}

/**
 * Takes a file into an empty store: all of it, or nothing when a line is missing or altered.
 * @param keep called with each of the mediator's keys before anything is stored
 * @throws TransferError
 */
export async function importFrom(
  sql: AdminSql,
  path: string,
  keep: (settings: ReadonlyMap<string, string>) => Promise<void>,
): Promise<Counts> {
  return sql.transaction('write', async () => {
    for (const table of TABLE_NAMES)
      if ((await sql.rows(`SELECT 1 AS one FROM ${table} WHERE ${REAL[table]} LIMIT 1`)).length > 0)
        throw new TransferError('there are accounts already: an import needs an empty store');
    const settings = new Map<string, string>();
    const counts = noCounts();
    const digest = createHash('sha256');
    const batch = batches(sql);
    let ended = false;
    let first = true;
    for await (const text of createInterface({ input: createReadStream(path, 'utf8') })) {
      const line = parsed(text);
      if (first && line['format'] !== FORMAT) throw new TransferError('this is no export');
      first = false;
      if (ended) throw new TransferError('there is more after the end of the export');
      if ('end' in line) {
        checkEnd(line, counts, digest);
        ended = true;
        continue;
      }
      digest.update(`${text}\n`);
      if (typeof line['setting'] === 'string') settings.set(line['setting'], String(line['value']));
      const [table] = Object.keys(line);
      if (!isTable(table)) continue;
      counts[table] += 1;
      await batch.add(table, (line[table] as readonly Cell[]).map(fromCell));
    }
    if (!ended) throw new TransferError('the export is not whole: its end is missing');
    await batch.flush();
    await finish(sql);
    await keep(settings);
    return counts;
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    throw new TransferError('this is no export, or a damaged one');
  }
}

function checkEnd(line: Readonly<Record<string, unknown>>, counts: Counts, digest: Digest): void {
  if (
    JSON.stringify(line['end']) !== JSON.stringify(counts) ||
    line['sha256'] !== digest.digest('hex')
  )
    throw new TransferError('the export is damaged: its lines are not those it was written with');
}

/** Many rows a statement. */
function batches(sql: AdminSql) {
  let table: Table | undefined;
  let rows: SqlValue[][] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (!table || rows.length === 0) return;
    const columns = TABLES[table];
    const places = rows.map(
      (row, at) => `(${row.map((_, index) => `$${at * columns.length + index + 1}`).join(',')})`,
    );
    const identity = sql.kind === 'postgres' && (table === 'account' || table === 'recipient');
    await sql.rows(
      `INSERT INTO ${table}(${columns.join(',')}) ${identity ? 'OVERRIDING SYSTEM VALUE' : ''} VALUES ${places.join(',')}`,
      rows.flat(),
    );
    rows = [];
    bytes = 0;
  };
  return {
    flush,
    add: async (to: Table, row: SqlValue[]): Promise<void> => {
      if (to !== table || rows.length >= 200 || bytes > 4_000_000) await flush();
      table = to;
      rows.push(row);
      bytes += row.reduce<number>(
        (n, cell) => n + (cell instanceof Uint8Array ? cell.length : 50),
        0,
      );
    },
  };
}

/** Numbers go on where they were, and what the accounts say of their inboxes is what is there. */
async function finish(sql: AdminSql): Promise<void> {
  if (sql.kind === 'postgres')
    await sql.rows(`SELECT setval(pg_get_serial_sequence('account', 'id'), (SELECT max(id) FROM account WHERE id > 0)),
      setval(pg_get_serial_sequence('recipient', 'seq'), (SELECT max(seq) FROM recipient)),
      setval('message_seq', (SELECT max(seq) FROM message))`);
  const [wrong] = await sql.rows(`SELECT a.id FROM account a
    WHERE a.n <> (SELECT count(*) FROM message m WHERE m.account=a.id)
    OR a.bytes <> (SELECT coalesce(sum(m.size), 0) FROM message m WHERE m.account=a.id) LIMIT 1`);
  if (wrong) throw new TransferError('the export is damaged: an inbox does not hold what it says');
}

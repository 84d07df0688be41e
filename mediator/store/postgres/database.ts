import {
  DatabaseError,
  Pool,
  TypeOverrides,
  types,
  type ClientBase,
  type QueryResultRow,
} from 'pg';
import { StoreError } from '../errors.ts';
import { addressesOf, writableOf } from './hosts.ts';

/** Statements at once, each on a connection of its own. */
const CONNECTIONS = 10;
const CONNECT_MS = 5_000;
const STATEMENT_MS = 30_000;
/** Of an interrupted transaction: it left nothing behind, so it is simply run again. */
const ATTEMPTS = 4;

/**
 * Every statement walks along indexes, also where the planner has only seen an empty table yet.
 * [Note: Durable before 202] What is set for the session holds, whatever is set for the server, the database or
 * the role, now or later. `local` and the stronger ones are the operator's choice.
 */
const SESSION = `SET enable_seqscan=off; SET enable_hashjoin=off; SET enable_mergejoin=off; SET jit=off;
  SELECT set_config('synchronous_commit', CASE s WHEN 'off' THEN 'on' ELSE s END, false)
  FROM current_setting('synchronous_commit') s`;
const PROMISES = `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
  current_setting('synchronous_commit') AS commit`;

export interface Database {
  /** One statement, one transaction: when this resolves, the commit is on disk. @throws StoreError */
  query<T extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly T[]>;
  /** Several statements on one connection. */
  transaction<T>(work: (run: (text: string) => Promise<readonly Row[]>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

type Row = Readonly<Record<string, unknown>>;

/** 64-bit integers arrive as bigints. */
const bigInts = new TypeOverrides();
bigInts.setTypeParser(types.builtins.INT8, BigInt);

/**
 * The connections to one database. A lost one is replaced when it is needed next, of several hosts by one to
 * that which takes writes then.
 * @param url postgres://user:password@host:port,host:port/database?sslmode=…
 */
export function openPool(url: string): Database {
  const addresses = addressesOf(url);
  const pool = new Pool({
    application_name: 'parley-mediator',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    keepAlive: true,
    types: bigInts,
    verify: (client, done) => {
      prepareSession(client).then(() => done(), done);
    },
  });
  // A connection ended: the pool drops it, and whose statement was on it, or who needs one next, is told. The
  // driver says so once more by an event, which would end the process if nobody listened.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  let place: Promise<void> | undefined;
  /** Decides where the next connection leads to. */
  const settle = (): Promise<void> =>
    (place ??= writableOf(addresses).then((address) => {
      pool.options.connectionString = address;
    }));
  const told = (error: unknown): never => {
    const fault = asStoreError(error);
    if (fault instanceof StoreError) place = undefined;
    throw fault;
  };
  const retried = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1)
      try {
        await settle();
        return await work();
      } catch (error) {
        if (attempt === ATTEMPTS || !isInterrupted(error)) return told(error);
      }
  };
  return {
    query: <T extends QueryResultRow>(name: string, text: string, values: readonly unknown[]) =>
      retried(async () => (await pool.query<T>({ name, text, values: [...values] })).rows),
    transaction: async (work) => {
      const client = await settle()
        .then(() => pool.connect())
        .catch(told);
      try {
        await client.query('BEGIN');
        const result = await work(async (text) => (await client.query<Row>(text)).rows);
        await client.query('COMMIT');
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        return told(error);
      }
    },
    close: () => pool.end(),
  };
}

/** @throws StoreError where a server does not sync its disk, or answers before it has */
async function prepareSession(client: ClientBase): Promise<void> {
  await client.query(SESSION);
  const { rows } = await client.query<Record<string, string>>(PROMISES);
  const { fsync, pages, commit } = rows[0] ?? {};
  if (fsync === 'on' && pages === 'on' && commit !== 'off') return;
  throw new StoreError(
    'store/not-durable',
    `PostgreSQL: fsync=${String(fsync)}, full_page_writes=${String(pages)}, synchronous_commit=${String(commit)}; all must be on`,
  );
}

/** Deadlock or serialization failure: rolled back by the server. */
const isInterrupted = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === '40P01' || error.code === '40001');

/** Classes of errors that are no bug: connection, access, resources, read-only standby, shutting down. */
const OUTSIDE = /^(08|28|3D|53|57|25006)/;

/** Never says a statement's values. */
function asStoreError(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  if (error instanceof DatabaseError && !OUTSIDE.test(error.code ?? '')) return error;
  const why = error instanceof Error ? error.message || String(Reflect.get(error, 'code')) : '';
  return new StoreError('store/unavailable', `PostgreSQL is not available: ${why}`, error);
}

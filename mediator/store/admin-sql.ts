import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Client, TypeOverrides, types } from 'pg';
import { StoreError } from './errors.ts';
import { openDatabase } from './open-database.ts';
import { openPool } from './postgres/database.ts';
import { addressesOf, writableOf } from './postgres/hosts.ts';
import { prepare } from './postgres/migrate.ts';
import { STEPS } from './schema.ts';

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Statements of an operator, in the words that both databases have in common; values are `$1`, `$2`… */
export interface AdminSql {
  readonly kind: 'sqlite' | 'postgres';
  rows(text: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** All or nothing; `snapshot` reads what was there when it began. */
  transaction<T>(mode: 'write' | 'snapshot', work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface AdminTarget {
  readonly storeUrl?: string;
  readonly dataDir: string;
}

/**
 * Opens the store of a mediator, also while it runs.
 * @param alone makes a file that is not there, and refuses one that a mediator uses
 * @throws StoreError
 */
export async function openAdminSql(
  { storeUrl, dataDir }: AdminTarget,
  alone = false,
): Promise<AdminSql> {
  return storeUrl === undefined ? fileSql(join(dataDir, 'inbox.db'), alone) : postgresSql(storeUrl);
}

function fileSql(path: string, alone: boolean): AdminSql {
  if (!alone && !existsSync(path))
    throw new StoreError('store/unavailable', `${path}: there is no mediator's data`);
  const { database, close } = alone ? openDatabase(path) : openBeside(path);
  const rows = (text: string, values: readonly SqlValue[] = []): SqlRow[] => {
    const statement = database.prepare(text.replaceAll('$', '?'));
    statement.setReadBigInts(true);
    return statement.all(...(values as SQLInputValue[]));
  };
  return {
    kind: 'sqlite',
    rows: async (text, values) => rows(text, values),
    transaction: async (mode, work) => {
      database.exec(mode === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
      return work().then(
        (result) => {
          database.exec('COMMIT');
          return result;
        },
        (error: unknown) => {
          database.exec('ROLLBACK');
          throw error;
        },
      );
    },
    close: async () => close(),
  };
}

/** A second connection: the lock is the mediator's, and is not asked for unless the file is of an older version. */
function openBeside(path: string): { readonly database: DatabaseSync; readonly close: () => void } {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL');
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version >= STEPS.length) return { database, close: () => database.close() };
  database.close();
  return openDatabase(path);
}

async function postgresSql(url: string): Promise<AdminSql> {
  const pool = openPool(url);
  try {
    await prepare(pool);
  } finally {
    await pool.close();
  }
  const bigInts = new TypeOverrides();
  bigInts.setTypeParser(types.builtins.INT8, BigInt);
  const client = new Client({
    connectionString: await writableOf(addressesOf(url)),
    types: bigInts,
  });
  await client.connect();
  return {
    kind: 'postgres',
    rows: async (text, values = []) => (await client.query<SqlRow>(text, [...values])).rows,
    transaction: async (mode, work) => {
      await client.query(
        mode === 'write' ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY',
      );
      return work().then(
        async (result) => {
          await client.query('COMMIT');
          return result;
        },
        async (error: unknown) => {
          await client.query('ROLLBACK');
          throw error;
        },
      );
    },
    close: () => client.end(),
  };
}

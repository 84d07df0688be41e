import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './errors.ts';
import { STEPS } from './schema.ts';

export interface OpenDatabase {
  readonly database: DatabaseSync;
  readonly close: () => void;
}

/**
 * Opens or creates the file for one process.
 * [Note: Durable before 202] WAL silently lowers `synchronous` in some builds of SQLite, and then a commit
 * does not reach the disk; so FULL (2) is set after WAL and read back.
 */
export function openDatabase(path: string): OpenDatabase {
  const lock = lockFile(`${path}.lock`);
  const database = opened(path);
  const close = (): void => {
    database.close();
    lock.close();
  };
  try {
    database.exec('PRAGMA auto_vacuum=INCREMENTAL');
    database.exec('PRAGMA journal_mode=WAL');
    database.exec('PRAGMA synchronous=FULL');
    database.exec('PRAGMA busy_timeout=5000');
    const mode = pragma(database, 'journal_mode');
    const synchronous = pragma(database, 'synchronous');
    if (mode !== 'wal' || synchronous !== 2)
      throw new StoreError(
        'store/not-durable',
        `${path}: journal_mode=${String(mode)}, synchronous=${String(synchronous)}; wal and 2 are needed`,
      );
    migrate(database, path);
  } catch (error) {
    close();
    throw asStoreError(error, path);
  }
  return { database, close };
}

function opened(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path);
  } catch (error) {
    throw asStoreError(error, path);
  }
}

/** A file that is no database, or that may not be opened, is for the operator to mend. */
const asStoreError = (error: unknown, path: string): unknown =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR'
    ? new StoreError('store/unavailable', `${path}: ${error.message}`, error)
    : error;

function migrate(database: DatabaseSync, path: string): void {
  const version = Number(pragma(database, 'user_version'));
  if (version > STEPS.length)
    throw new StoreError(
      'store/newer-version',
      `${path}: written by a later version of the mediator (schema ${version})`,
    );
  const missing = STEPS.slice(version).join('');
  if (missing !== '')
    database.exec(`BEGIN IMMEDIATE; ${missing} PRAGMA user_version=${STEPS.length}; COMMIT`);
}

const pragma = (database: DatabaseSync, name: string): unknown =>
  Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];

/**
 * One process per file. The lock is an open exclusive transaction on an empty database beside it: the
 * system drops it when the process ends, also by SIGKILL, so a stale lock cannot keep a mediator from
 * starting. (Node has no flock; a file holding a process id would outlive its process.)
 */
function lockFile(path: string): DatabaseSync {
  const lock = opened(path);
  try {
    lock.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new StoreError(
      'store/in-use',
      `${path}: another process holds this data: it must stop first, or --data take another folder`,
      error,
    );
  }
}

import { StoreError } from '../errors.ts';
import type { Database } from './database.ts';
import { LOCKS } from './locks.ts';
import { STEPS } from './schema.ts';

/**
 * Brings the schema up to date; of several nodes that start at once, one does it and the others wait.
 * @throws StoreError
 */
export async function prepare(database: Database): Promise<void> {
  await database.transaction(async (run) => {
    await run(`SELECT pg_advisory_xact_lock(${LOCKS.schema}, 0)`);
    await run('CREATE TABLE IF NOT EXISTS schema_version(version integer NOT NULL)');
    const [row] = await run('SELECT version FROM schema_version');
    const version = Number(row?.['version'] ?? 0);
    if (version > STEPS.length)
      throw new StoreError(
        'store/newer-version',
        `PostgreSQL: written by a later version of the mediator (schema ${version})`,
      );
    if (version === STEPS.length) return;
    for (const step of STEPS.slice(version)) await run(step);
    await run(`DELETE FROM schema_version; INSERT INTO schema_version VALUES (${STEPS.length})`);
  });
}

import type { Database } from './database.ts';

export interface DatabaseSettings {
  /** What is kept under this name; of several nodes that make it at once, one wins and all get the same. */
  once(name: string, make: () => Promise<string>): Promise<string>;
  /** @returns false, and changes nothing, when what is kept is not `known` any more */
  replace(name: string, known: string, text: string): Promise<boolean>;
}

export function settingsIn(database: Database): DatabaseSettings {
  const read = async (name: string): Promise<string | undefined> => {
    const [row] = await database.query<{ value: string }>(
      'setting',
      'SELECT value FROM setting WHERE name=$1',
      [name],
    );
    return row?.value;
  };
  return {
    once: async (name, make) => {
      const kept = await read(name);
      if (kept !== undefined) return kept;
      await database.query(
        'keep-setting',
        'INSERT INTO setting(name, value) VALUES($1,$2) ON CONFLICT DO NOTHING',
        [name, await make()],
      );
      const value = await read(name);
      if (value === undefined) throw new Error(`the setting ${name} was written and is not there`);
      return value;
    },
    replace: async (name, known, text) => {
      const rows = await database.query(
        'replace-setting',
        'UPDATE setting SET value=$3 WHERE name=$1 AND value=$2 RETURNING name',
        [name, known, text],
      );
      return rows.length === 1;
    },
  };
}

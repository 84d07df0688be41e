import { Client } from 'pg';
import { StoreError } from '../errors.ts';

const CONNECT_MS = 5_000;

/**
 * One address for each host of `postgres://user@one:5432,two:5432/name`, as libpq writes several.
 */
export function addressesOf(url: string): readonly string[] {
  const [, before = '', hosts = '', after = ''] =
    /^(\w+:\/\/(?:[^/?]*@)?)([^/?]*)(.*)$/.exec(url) ?? [];
  return hosts.includes(',') ? hosts.split(',').map((host) => before + host + after) : [url];
}

/**
 * The first of them that takes writes: not a standby, which only follows another one.
 * @throws StoreError when none does
 */
export async function writableOf(addresses: readonly string[]): Promise<string> {
  const [only = '', ...more] = addresses;
  if (more.length === 0) return only;
  const faults: unknown[] = [];
  for (const address of addresses) {
    const client = new Client({
      connectionString: address,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
    });
    client.on('error', (fault) => faults.push(fault));
    try {
      await client.connect();
      const { rows } = await client.query<{ follows: boolean }>(
        'SELECT pg_is_in_recovery() AS follows',
      );
      if (rows[0]?.follows === false) return address;
      faults.push(new Error(`${client.host}:${client.port} is a standby`));
    } catch (fault) {
      faults.push(fault);
    } finally {
      await client.end();
    }
  }
  const why = faults.map((fault) => (fault instanceof Error ? fault.message : '')).join('; ');
  throw new StoreError('store/unavailable', `PostgreSQL is not available: ${why}`, faults[0]);
}

import { Client } from 'pg';
import type { PostgresServer } from '../../src/testing/postgres/server.ts';

/** A new database. @returns its URL */
export async function database(server: PostgresServer, name: string): Promise<string> {
  const client = new Client(server.url());
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return server.url(name);
}

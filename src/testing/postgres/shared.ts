import { once } from 'node:events';
import { createServer, connect, type AddressInfo } from 'node:net';
import process from 'node:process';
import { Client } from 'pg';
import { postgresServer, type PostgresServer } from './server.ts';

// One server for a whole test run, made when the first test asks for it: the runner's main process listens,
// and answers with the server's address.

const PORT = 'PARLEY_TEST_POSTGRES_PORT';

/** Before the first test. @returns what ends the server after the last one */
export async function setup(): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | undefined;
  const door = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    server ??= postgresServer();
    server.then(
      (made) => socket.end(made.url('')),
      (error: unknown) => socket.end(`! ${error instanceof Error ? error.message : ''}`),
    );
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  process.env[PORT] = String((door.address() as AddressInfo).port);
  return async () => {
    door.close();
    await (await server)?.dispose();
  };
}

let base: Promise<string> | undefined;

/** Address of the run's server, without a database. */
async function askForServer(): Promise<string> {
  const port = Number(process.env[PORT]);
  if (!port) throw new Error('not started by vitest with its configuration');
  const socket = connect(port, '127.0.0.1');
  let said = '';
  for await (const part of socket as AsyncIterable<Buffer>) said += part.toString();
  if (said.startsWith('!')) throw new Error(said.slice(2));
  return said;
}

/** A new, empty database on the run's server. @returns its address */
export async function newDatabase(): Promise<string> {
  base ??= askForServer();
  const server = await base;
  const name = `t${crypto.randomUUID().replaceAll('-', '')}`;
  const client = new Client(`${server}postgres`);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return `${server}${name}`;
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { quickFolder } from '../scratch.ts';

/** A PostgreSQL server with a folder and a port of its own, for tests. */
export interface PostgresServer {
  /** The address of one of its databases. */
  url(database?: string): string;
  /** Asks it to end and cuts every connection. */
  stop(): Promise<void>;
  /** Ends all of it without a warning. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** The ids of its processes, the first one's before all others. */
  pids(): readonly number[];
  /** A second server that follows this one, and may take its place. */
  standby(): Promise<PostgresServer>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

const DEBIAN = '/usr/lib/postgresql';
const START_TIMEOUT_MS = 30_000;
/** The server asks for one, as those of operators do. */
const PASSWORD = 'of-the-tests';

/** Debian keeps the programs off the path. */
function binaries(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const newest = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((v) => path.join(DEBIAN, v, 'bin'));
  return [...newest, ...(process.env['PATH'] ?? '').split(path.delimiter)].find((folder) =>
    existsSync(path.join(folder, 'initdb')),
  );
}

function installed(): string {
  const found = binaries();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0) {
    console.log('Installing PostgreSQL with apt-get ...');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'postgresql']])
      spawnSync('apt-get', args, { env, stdio: 'inherit' });
  }
  const now = binaries();
  if (now === undefined)
    throw new Error('No PostgreSQL: install Debian’s package `postgresql` or run as root.');
  return now;
}

/** The server refuses to run as root: then it is somebody without rights. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string, user: string): number =>
    Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout || NaN);
  const user = ['postgres', 'nobody'].find((name) => !Number.isNaN(id('-u', name))) ?? 'nobody';
  return { uid: id('-u', user), gid: id('-g', user) };
}

/** Settings of a server, as in its configuration file. */
export type ServerSettings = Readonly<Record<string, string | number>>;

/** Makes a new server and starts it. @param parent folder for its data, where that must be on a disk */
export async function postgresServer(
  parent = quickFolder(),
  settings: ServerSettings = {},
): Promise<PostgresServer> {
  return serverFrom(parent, settings, (data, passwordFile) => [
    'initdb',
    ...[`--pgdata=${data}`, '--no-sync', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--username=parley', '--encoding=UTF8', '--locale=C'],
  ]);
}

/** @param make the program that fills the folder of a server, and its arguments */
async function serverFrom(
  parent: string,
  more: ServerSettings,
  make: (data: string, passwordFile: string) => readonly [string, ...string[]],
): Promise<PostgresServer> {
  const bin = installed();
  const user = unprivileged();
  const folder = mkdtempSync(path.join(parent, 'postgres-'));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = path.join(folder, 'data');
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  const [program, ...args] = make(data, passwordFile);
  const made = spawnSync(path.join(bin, program), args, { ...user, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`${program}: ${made.stderr}`);
  const port = await freePort();
  const url = (database = 'postgres'): string =>
    `postgres://parley:${PASSWORD}@127.0.0.1:${port}/${database}`;
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    log_min_messages: 'fatal',
    ...more,
  };
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    let said = '';
    const started = spawn(path.join(bin, 'postgres'), ['-D', data, ...flags], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    started.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await answers(url()))) {
      if (started.exitCode !== null || Date.now() > deadline)
        throw new Error(`PostgreSQL did not get ready: ${said}`);
      await sleep(50);
    }
  };
  const end = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    await exited;
  };

  await start();
  return {
    url,
    start,
    stop: () => end('SIGINT'),
    kill: () => end('SIGQUIT'),
    pids: () => (child?.pid === undefined ? [] : [child.pid, ...childrenOf(child.pid)]),
    standby: () =>
      serverFrom(parent, more, (copy) => [
        'pg_basebackup',
        ...['--pgdata', copy, '--dbname', url(), '--no-sync', '--checkpoint=fast'],
        '--write-recovery-conf',
      ]),
    dispose: async () => {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As the system lists them. */
const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

/** Nobody listens yet, or it is still starting up (cannot_connect_now). */
const NOT_YET = /^(ECONNREFUSED|ECONNRESET|57P03)$/;

async function answers(url: string): Promise<boolean> {
  const client = new Client(url);
  try {
    await client.connect();
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && NOT_YET.test(String(fault.code))))
      throw fault;
    return false;
  }
  await client.end();
  return true;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

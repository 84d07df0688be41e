import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { didHash } from './did-hash.ts';
import { isDid } from '../src/did/did.ts';
import { shortHash } from './operations/log.ts';
import { exportTo, importFrom, TransferError } from './operations/transfer.ts';
import { fileSettings, readSetting } from './settings.ts';
import { openAdminSql, type AdminSql, type SqlRow, type SqlValue } from './store/admin-sql.ts';
import { StoreError } from './store/errors.ts';
import { DROP_ACCOUNT } from './store/statements.ts';

// What an operator asks of a mediator's store, also while the mediator runs.

const USAGE = `npm run admin -- <verb> [--data data | --store postgres://…] [--json]
  stats                 accounts, DIDs, mail
  accounts              one page of accounts: --limit 50 --offset 0
  queues                the fullest inboxes: --limit 20
  account <did|hash>    one account; a hash may be its first 8 digits, as in logs
  deny <did>            gets no account from now on; what is there stays
  allow <did>           takes that back
  purge <did>           closes the account and deletes its mail
  expire                deletes what is over its time
  backup <file>         a copy of the SQLite file, made while the mediator runs
  export <file>         everything, for another store; stop the mediator before a move
  import <file>         into an empty store; the mediator is stopped`;

class UsageError extends Error {}

const { values: flags, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        data: { type: 'string', default: 'data' },
        store: { type: 'string' },
        json: { type: 'boolean', default: false },
        limit: { type: 'string' },
        offset: { type: 'string', default: '0' },
      },
    });
  } catch (fault) {
    return fail(new UsageError(fault instanceof Error ? fault.message : ''));
  }
})();

const [verb, argument] = positionals;
const EXPIRY_SLICE = 1_000;

type Told = Readonly<Record<string, unknown>>;

async function run(sql: AdminSql): Promise<readonly Told[]> {
  switch (verb) {
    case 'stats':
      return told(
        await sql.rows(`SELECT count(*) AS accounts, (SELECT count(*) FROM recipient) AS dids,
          coalesce(sum(n),0) AS messages, coalesce(sum(bytes),0) AS bytes,
          (SELECT count(*) FROM link) AS links, (SELECT count(*) FROM denied) AS denied FROM account WHERE id > 0`),
      );
    case 'accounts':
      return told(
        await sql.rows(`${ACCOUNT} ORDER BY a.id LIMIT $1 OFFSET $2`, [
          amount('limit', '50'),
          amount('offset', '0'),
        ]),
      );
    case 'queues':
      return told(
        await sql.rows(`${ACCOUNT} AND a.n > 0 ORDER BY a.n DESC, a.id LIMIT $1`, [
          amount('limit', '20'),
        ]),
      );
    case 'account':
      return showAccount(sql);
    case 'deny':
      await sql.rows('INSERT INTO denied(did_hash, at) VALUES($1,$2) ON CONFLICT DO NOTHING', [
        didHash(did()),
        Date.now(),
      ]);
      return [{ denied: shortHash(did()) }];
    case 'allow':
      await sql.rows('DELETE FROM denied WHERE did_hash=$1', [didHash(did())]);
      return [{ allowed: shortHash(did()) }];
    case 'purge':
      return purge(sql);
    case 'expire':
      return expire(sql);
    case 'backup':
      if (sql.kind === 'postgres')
        throw new UsageError('a PostgreSQL database is backed up by pg_dump');
      await sql.rows('VACUUM INTO $1', [file()]);
      return [{ written: file() }];
    case 'export':
      return [await exportTo(sql, file(), await settingsOf(sql))];
    case 'import':
      return [await importFrom(sql, file(), (settings) => keepSettings(sql, settings))];
    case undefined:
    default:
      return [];
  }
}

const ACCOUNT = `SELECT a.id, a.did_hash AS hash, a.granted_at, a.last_seen, a.n AS messages, a.bytes,
  (SELECT count(*) FROM recipient r WHERE r.account=a.id) AS dids FROM account a WHERE a.id > 0`;

/** By DID, or by any beginning of its hash of 8 digits and more. */
async function showAccount(sql: AdminSql): Promise<readonly Told[]> {
  const hex = isDid(argument ?? '') ? Buffer.from(didHash(did())).toString('hex') : argument;
  if (!hex || !/^[0-9a-f]{8,64}$/.test(hex)) throw new UsageError('account takes a DID or a hash');
  const ends = ['0', 'f'].map((end) => new Uint8Array(Buffer.from(hex.padEnd(64, end), 'hex')));
  const accounts = await sql.rows(`${ACCOUNT} AND a.did_hash BETWEEN $1 AND $2`, ends);
  if (accounts.length === 0) throw new UsageError('there is no such account');
  return told(accounts);
}

async function purge(sql: AdminSql): Promise<readonly Told[]> {
  const [account] = await sql.rows('SELECT id, n FROM account WHERE did_hash=$1', [didHash(did())]);
  if (!account) throw new UsageError('there is no such account');
  const { id = null, n } = account;
  await sql.transaction('write', async () => {
    // The account goes first: whoever brings mail meanwhile waits for its row, and finds it gone.
    for (const part of DROP_ACCOUNT) await sql.rows(part.replace('?1', '$1'), [id]);
  });
  return [{ purged: shortHash(did()), messages: Number(n) }];
}

async function expire(sql: AdminSql): Promise<readonly Told[]> {
  const now = Date.now();
  let messages = 0;
  for (;;) {
    const gone =
      sql.kind === 'postgres'
        ? Number((await sql.rows('SELECT expire($1,$2) AS n', [now, EXPIRY_SLICE]))[0]?.['n'])
        : await sql.transaction('write', () => expireSlice(sql, now));
    messages += gone;
    if (gone < EXPIRY_SLICE) return [{ expired: messages }];
  }
}

async function expireSlice(sql: AdminSql, now: number): Promise<number> {
  const gone = await sql.rows(
    `DELETE FROM message WHERE seq IN (SELECT seq FROM message WHERE expires_at<=$1 LIMIT $2)
     RETURNING account, size`,
    [now, EXPIRY_SLICE],
  );
  for (const { account = null, size = null } of gone)
    await sql.rows('UPDATE account SET n=n-1, bytes=bytes-$1 WHERE id=$2', [size, account]);
  for (const [table, key, time] of [
    ['replay', 'key', 'until'],
    ['link', 'id', 'expires_at'],
  ])
    await sql.rows(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${time}<=$1 LIMIT $2)`,
      [now, EXPIRY_SLICE],
    );
  return gone.length;
}

/** The mediator's keys; not what belongs to one machine or one database. */
const isCarried = (name: string): boolean => !/^(node-secret|lan)/.test(name);

async function settingsOf(sql: AdminSql): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  if (sql.kind === 'postgres')
    for (const { name, value } of await sql.rows('SELECT name, value FROM setting'))
      all.set(String(name), String(value));
  else
    for (const entry of readdirSync(flags.data)) {
      const name = /^(.+)\.json$/.exec(entry)?.[1];
      const value = name === undefined ? undefined : readSetting(flags.data, name);
      if (name !== undefined && value !== undefined) all.set(name, value);
    }
  return new Map([...all].filter(([name]) => isCarried(name)));
}

/** @throws TransferError where other keys are kept already: wallets know their mediator by them */
async function keepSettings(sql: AdminSql, given: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, value] of given) {
    if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new TransferError('the export is damaged: its keys');
    if (sql.kind === 'postgres')
      await sql.rows('INSERT INTO setting(name, value) VALUES($1,$2) ON CONFLICT DO NOTHING', [
        name,
        value,
      ]);
    const kept =
      sql.kind === 'postgres'
        ? (await sql.rows('SELECT value FROM setting WHERE name=$1', [name]))[0]?.['value']
        : await fileSettings(flags.data).once(name, async () => value);
    if (kept !== value)
      throw new TransferError(`there are other keys already: ${name}; start from an empty store`);
  }
}

function did(): string {
  if (!isDid(argument ?? '')) throw new UsageError(`${String(verb)} takes a DID`);
  return String(argument);
}

function file(): string {
  if (argument === undefined) throw new UsageError(`${String(verb)} takes a file`);
  return argument;
}

function amount(name: 'limit' | 'offset', otherwise: string): number {
  const value = flags[name] ?? otherwise;
  if (!/^\d{1,6}$/.test(value)) throw new UsageError(`--${name} takes a whole number`);
  return Number(value);
}

const TIMES = new Set(['granted_at', 'last_seen']);

const told = (rows: readonly SqlRow[]): readonly Told[] =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, tellable(name, value)])),
  );

function tellable(name: string, value: SqlValue): string | number | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').slice(0, 16);
  if (TIMES.has(name)) return new Date(Number(value)).toISOString();
  // A sum is a number of any size in one database and of another type in the other.
  return value === null || name === 'did' ? (value as string | null) : Number(value);
}

/** Before anything is opened: what the verb takes. */
const VERBS: Readonly<Record<string, () => unknown>> = {
  stats: () => undefined,
  accounts: () => undefined,
  queues: () => undefined,
  account: () => undefined,
  deny: did,
  allow: did,
  purge: did,
  expire: () => undefined,
  backup: file,
  export: file,
  import: file,
};

async function main(): Promise<void> {
  const check = verb === undefined ? undefined : VERBS[verb];
  if (!check) throw new UsageError(verb === undefined ? 'which verb?' : `there is no verb ${verb}`);
  check();
  if (flags.store !== undefined && !/^postgres(ql)?:\/\//.test(flags.store))
    throw new UsageError('--store takes a postgres:// URL');
  const target = {
    dataDir: flags.data,
    ...(flags.store === undefined ? {} : { storeUrl: flags.store }),
  };
  if (verb === 'import') fileSettings(flags.data);
  const sql = await openAdminSql(target, verb === 'import');
  try {
    const rows = await run(sql);
    if (flags.json) console.log(JSON.stringify(rows));
    else if (rows.length > 1) console.table(rows);
    else
      for (const [name, value] of Object.entries(rows[0] ?? {}))
        console.log(`${name} ${String(value)}`);
  } finally {
    await sql.close();
  }
}

function fail(fault: unknown): never {
  const message = fault instanceof Error ? fault.message : '';
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : '';
  if (fault instanceof UsageError) console.error(`${message}\n\n${USAGE}`);
  else if (
    fault instanceof StoreError ||
    fault instanceof TransferError ||
    /^(E[A-Z]+|ERR_SQLITE)/.test(code)
  )
    console.error(message);
  else console.error(fault);
  process.exit(1);
}

main().catch(fail);

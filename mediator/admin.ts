import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { didHash } from './did-hash.ts';
import { isDid } from '../src/did/did.ts';
import { inviteLink } from './operations/invite.ts';
import { exportTo, importFrom, TransferError } from './operations/transfer.ts';
import { fileSettings, readSetting } from './settings.ts';
import { openAdminSql, type AdminSql, type SqlRow, type SqlValue } from './store/admin-sql.ts';
import { StoreError } from './store/errors.ts';
import { DROP_ACCOUNT } from './store/statements.ts';
import { databaseUrl, publicUrl, UsageError, wholeNumber } from './usage.ts';

// What an operator asks of a mediator's store, also while the mediator runs.

const USAGE = `npm run admin -- <verb> [--data data | --store postgres://…] [--json]
  stats                 accounts, DIDs, mail
  accounts              one page of accounts: --limit 50 --offset 0
  queues                the fullest inboxes: --limit 20
  account <did|hash>    one account; a hash may be its first 8 digits, as in logs
  deny <did|hash>       gets no account from now on; what is there stays
  allow <did|hash>      takes that back
  purge <did|hash>      closes the account and deletes its mail
  expire                deletes what is over its time
  backup <file>         a copy of the SQLite file, made while the mediator runs
  export <file>         everything, for another store; stop the mediator before a move
  import <file>         into an empty store; the mediator is stopped
  invite --url <url>    the link by which wallets come to it; its public URL is that of its own flag --url`;

/** It cannot be done with what is there. */
class RefusedError extends Error {}

const { values: flags, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        data: { type: 'string', default: 'data' },
        store: { type: 'string' },
        url: { type: 'string' },
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
    case 'deny': {
      const hash = await hashIn(sql, 'account');
      await sql.rows('INSERT INTO denied(did_hash, at) VALUES($1,$2) ON CONFLICT DO NOTHING', [
        hash,
        Date.now(),
      ]);
      return [{ denied: short(hash) }];
    }
    case 'allow': {
      const hash = await hashIn(sql, 'denied');
      await sql.rows('DELETE FROM denied WHERE did_hash=$1', [hash]);
      return [{ allowed: short(hash) }];
    }
    case 'purge':
      return purge(sql);
    case 'expire':
      return expire(sql);
    case 'backup':
      if (sql.kind === 'postgres')
        throw new UsageError('a PostgreSQL database is backed up by pg_dump');
      if (existsSync(file()))
        throw new RefusedError(`${file()} is there already: a backup is a new file`);
      await sql.rows('VACUUM INTO $1', [file()]);
      return [{ written: file() }];
    case 'export':
      return [await exportTo(sql, file(), await settingsOf(sql))];
    case 'import':
      return [await importFrom(sql, file(), (settings) => keepSettings(sql, settings))];
    case 'invite':
      return [{ invitation: await invitation(sql) }];
    case undefined:
    default:
      return [];
  }
}

const ACCOUNT = `SELECT a.id, a.did_hash AS hash, a.granted_at, a.last_seen, a.n AS messages, a.bytes,
  (SELECT count(*) FROM recipient r WHERE r.account=a.id) AS dids FROM account a WHERE a.id > 0`;

async function showAccount(sql: AdminSql): Promise<readonly Told[]> {
  const accounts = await sql.rows(`${ACCOUNT} AND a.did_hash BETWEEN $1 AND $2`, meant());
  if (accounts.length === 0) throw new RefusedError('there is no such account');
  return told(accounts);
}

async function purge(sql: AdminSql): Promise<readonly Told[]> {
  const hash = await hashIn(sql, 'account');
  const [account] = await sql.rows('SELECT id, n FROM account WHERE did_hash=$1', [hash]);
  if (!account) throw new RefusedError('there is no such account');
  const { id = null, n } = account;
  await sql.transaction('write', async () => {
    // The account goes first: whoever brings mail meanwhile waits for its row, and finds it gone.
    for (const part of DROP_ACCOUNT) await sql.rows(part.replace('?1', '$1'), [id]);
  });
  return [{ purged: short(hash), messages: Number(n) }];
}

/** That of a DID, known or not; else the one that begins with these digits. */
async function hashIn(sql: AdminSql, table: 'account' | 'denied'): Promise<Uint8Array> {
  const given = argument ?? '';
  if (isDid(given)) return didHash(given);
  const real = table === 'account' ? 'id > 0 AND' : '';
  const [found, another] = await sql.rows(
    `SELECT did_hash FROM ${table} WHERE ${real} did_hash BETWEEN $1 AND $2 LIMIT 2`,
    meant(),
  );
  if (another) throw new RefusedError('several begin with these digits: give more of them');
  const hash = found?.['did_hash'];
  if (!(hash instanceof Uint8Array))
    throw new RefusedError(
      table === 'account' ? 'there is no such account' : 'nobody is denied by that',
    );
  return hash;
}

/** The first and the last hash that may be meant: by DID, or by any beginning of 8 digits and more. */
function meant(): readonly [Uint8Array, Uint8Array] {
  const hex = didOrHash();
  const padded = (digit: string) => new Uint8Array(Buffer.from(hex.padEnd(64, digit), 'hex'));
  return [padded('0'), padded('f')];
}

const short = (hash: Uint8Array): string => Buffer.from(hash).toString('hex').slice(0, 8);

async function expire(sql: AdminSql): Promise<readonly Told[]> {
  const now = Date.now();
  let messages = 0;
  for (;;) {
    const gone =
      sql.kind === 'postgres'
        ? Number(
            (await sql.rows('SELECT messages FROM expire($1,$2)', [now, EXPIRY_SLICE]))[0]?.[
              'messages'
            ],
          )
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

/** In hex; of a hash perhaps the beginning alone. */
function didOrHash(): string {
  const given = argument ?? '';
  const hex = isDid(given) ? Buffer.from(didHash(given)).toString('hex') : given;
  if (!/^[0-9a-f]{8,64}$/.test(hex))
    throw new UsageError(`${String(verb)} takes a DID, or 8 digits and more of its hash`);
  return hex;
}

async function invitation(sql: AdminSql): Promise<string> {
  const keys = (await settingsOf(sql)).get('keys');
  if (keys === undefined) throw new RefusedError('there are no keys of a mediator');
  return inviteLink(keys, url());
}

/** On a terminal that is wide enough, for the camera of a phone. */
async function drawInvitation([row]: readonly Told[]): Promise<void> {
  const { columns, isTTY } = process.stdout;
  if (!isTTY) return;
  const { drawCode } = await import('./lan/terminal.ts');
  const code = await drawCode(String(row?.['invitation']), true);
  if (code.width <= columns) console.log(code.text);
}

function url(): string {
  if (flags.url === undefined) throw new UsageError('invite takes --url');
  return publicUrl(flags.url);
}

function file(): string {
  if (argument === undefined) throw new UsageError(`${String(verb)} takes a file`);
  return argument;
}

function amount(name: 'limit' | 'offset', otherwise: string): number {
  return wholeNumber(name, flags[name] ?? otherwise, 0, 999_999);
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

function inColumns(rows: readonly Told[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Before anything is opened: what the verb takes. */
const VERBS: Readonly<Record<string, () => unknown>> = {
  stats: () => undefined,
  accounts: () => undefined,
  queues: () => undefined,
  account: didOrHash,
  deny: didOrHash,
  allow: didOrHash,
  purge: didOrHash,
  expire: () => undefined,
  backup: file,
  export: file,
  import: file,
  invite: url,
};

async function main(): Promise<void> {
  // What is written is nobody else's to read.
  process.umask(0o077);
  const check = verb === undefined ? undefined : VERBS[verb];
  if (!check) throw new UsageError(verb === undefined ? 'which verb?' : `there is no verb ${verb}`);
  check();
  const target = {
    dataDir: flags.data,
    ...(flags.store === undefined ? {} : { storeUrl: databaseUrl(flags.store) }),
  };
  if (verb === 'import') fileSettings(flags.data);
  const sql = await openAdminSql(target, verb === 'import');
  try {
    const rows = await run(sql);
    if (flags.json) console.log(JSON.stringify(rows));
    else if (verb === 'accounts' || verb === 'queues')
      console.log(rows.length === 0 ? 'none' : inColumns(rows));
    else
      for (const row of rows)
        for (const [name, value] of Object.entries(row)) console.log(`${name} ${String(value)}`);
    if (verb === 'invite' && !flags.json) await drawInvitation(rows);
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
    fault instanceof RefusedError ||
    /^(E[A-Z]+|ERR_SQLITE)/.test(code)
  )
    console.error(message);
  else console.error(fault);
  process.exit(1);
}

main().catch(fail);

/**
 * npm run bench -- abuse: whether time tells who has a mailbox, and what people get of a mediator that is attacked;
 * over SQLite and over PostgreSQL. A claim that does not hang on the machine's speed and fails, fails the run.
 *
 * Time: as many letters to strangers, each another one, as to accounts, by every kind of name an account has, and to
 * people who are online; with `--forward-unknown silent`, one at a time in random turns, timed at the same machine,
 * where nobody on a network can measure as well. Some are sent twice in a row: the second is there already, or for
 * nobody. A full inbox is not among them: it answers 507 in every mode, since a 202 would be a loss that its sender
 * does not hear of; who fills an inbox therefore learns that it is one.
 * The measure is the area under the curve: the chance that of two letters the one to a stranger took longer. With
 * 100,000 of each, differences of a microsecond show; so the bar is what they are worth. 0.51 is a difference of 3.5 %
 * of the spread: to be right in 95 of 100 cases takes 8,800 letters to one DID from the same machine, and a network
 * whose jitter is ten times the spread multiplies that by a hundred.
 *
 * Attack: from a process of their own, 1,000 sockets that dawdle, bodies of 10 MB, control messages forged and sent
 * again, a flood to strangers, and somebody with an account who acknowledges, asks for and claims what is another's;
 * against a mediator with its usual limits. Attackers have a hundred addresses (as a proxy would tell of), people
 * others. They post, ask, fetch, acknowledge and are woken meanwhile; then memory and open files are counted.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { useNodeBase64 } from '../mediator/crypto/node-base64.ts';
import { useNodeCrypto } from '../mediator/crypto/node-subtle.ts';
import { DEFAULT_LIMITS } from '../mediator/limits.ts';
import { openPostgres } from '../mediator/store/postgres/store.ts';
import { sqliteStore } from '../mediator/store/sqlite.ts';
import { postgresServer } from '../src/testing/postgres/server.ts';
import { attack } from './abuse/attack.ts';
import { compareTimes, fill } from './abuse/timing.ts';
import { database } from './load/database.ts';
import { machine, subject } from './load/subject.ts';

/** One of them alone, for who works on it. */
const STORES = (process.env['BENCH_STORES'] ?? 'sqlite,postgres').split(',');
const PARTS = (process.env['BENCH_PARTS'] ?? 'time,attack').split(',');

const { ratePerIp, burstPerIp, ratePerAccount, burstPerAccount, store: quotas } = DEFAULT_LIMITS;
const USUAL = Object.entries({
  'rate-per-ip': ratePerIp,
  'burst-per-ip': burstPerIp,
  'rate-per-account': ratePerAccount,
  'burst-per-account': burstPerAccount,
  'inbox-messages': quotas.messagesPerInbox,
  'inbox-bytes': quotas.bytesPerInbox,
}).flatMap(([name, value]) => [`--${name}`, String(value)]);

useNodeCrypto();
useNodeBase64();
const postgres = STORES.includes('postgres') ? await postgresServer(tmpdir()) : undefined;
try {
  console.log(machine());
  for (const store of STORES)
    for (const part of PARTS) {
      const folder = mkdtempSync(path.join(tmpdir(), 'bench-abuse-'));
      const url = store === 'postgres' && postgres ? await database(postgres, part) : undefined;
      const flags = ['--data', folder, '--forward-unknown', 'silent', '--trust-proxy'];
      if (url !== undefined) flags.push('--store', url);
      console.log(`\n${store}`);
      try {
        await (part === 'time' ? times(folder, url, flags) : underAttack(flags));
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  console.log(machine());
} finally {
  await postgres?.dispose();
}

async function times(
  folder: string,
  url: string | undefined,
  flags: readonly string[],
): Promise<void> {
  const store =
    url === undefined
      ? sqliteStore(path.join(folder, 'inbox.db'))
      : (await openPostgres(url)).store;
  const known = await fill(store);
  await store.close();
  const mediator = await subject(...flags, '--sockets-per-ip', '10000');
  try {
    await compareTimes(mediator, known);
  } finally {
    await mediator.dispose();
  }
}

async function underAttack(flags: readonly string[]): Promise<void> {
  const mediator = await subject(...flags, ...USUAL);
  try {
    await attack(mediator);
  } finally {
    await mediator.dispose();
  }
}

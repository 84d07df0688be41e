import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { useNodeBase64 } from './crypto/node-base64.ts';
import { useNodeCrypto } from './crypto/node-subtle.ts';
import { LanError, type LanOptions } from './lan/lan.ts';
import { LIMIT_HELP, LIMIT_OPTIONS, limitsOf } from './limit-flags.ts';
import { ListenError } from './listen.ts';
import { AdminError, type AdminOptions } from './operations/admin-server.ts';
import { createLog } from './operations/log.ts';
import { startMediator } from './server.ts';
import { StoreError } from './store/errors.ts';
import type { TurnServer } from './turn.ts';
import { databaseUrl, publicUrl, UsageError, wholeNumber } from './usage.ts';

// The mediator: keeps mail for wallets that are asleep, and serves the wallet's files.
// Everything it needs to know is a flag; what it must remember is in --data.

/** All of stopping. */
const STOP_MS = 9_500;

const USAGE = `npm start -- [--port 8080] [--host 127.0.0.1] [--url https://example.org] [--data data] [--dist dist]
  --port N                 0 takes a free port
  --host ADDRESS           where it listens; 127.0.0.1 when absent, with --lan every address of the machine
  --store URL              postgres://user@host/database instead of a file in --data; several hosts by commas
  --node-address HOST:PORT where the other nodes of that database reach this one
  --poll-seconds N         how often a node looks for mail it was not told of; 15
  --url URL                the public URL; http://localhost:<port> when absent
  --lan                    https on the local network, by a certificate authority of its own
  --http-port N            beside --lan: where phones learn to trust it; one more than --port when absent
  --turn-url URL           turn: or turns:, of a relay for calls; may be given several times
  --turn-secret-file FILE  what that relay and the mediator share (coturn: static-auth-secret)
  --trust-proxy            the client's address is the last one in X-Forwarded-For
  --forward-unknown WORD   report (default) or silent
  --new-accounts WORD      open (default) or closed: nobody new gets a mailbox
  --reply-in-band WORD     always (default) or strict
  --workers N              threads that open envelopes; all processors but one when absent, 0 for no threads at all
  --admin-port N           /metrics, /health and /ready on a port of their own; off when absent
  --admin-host HOST        127.0.0.1; any other needs the token
  --admin-token-file PATH  its content is asked for as Authorization: Bearer
  --log WORD               text (default) or json: one line an event on stderr
  --push-services LIST     hosts of push services, by commas; *.example.org for all below it, * for any;
                           those of Chrome, Firefox, Safari and Edge when absent
  --push-contact URL       mailto: or https, for the people of a push service; the public URL when absent
Limits, and what they are when not given:
${LIMIT_HELP}`;

const SEE_HELP = 'npm start -- --help lists all flags';

const text = { type: 'string' } as const;

function readFlags() {
  return parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      port: { ...text, default: '8080' },
      host: text,
      lan: { type: 'boolean', default: false },
      'http-port': text,
      'turn-url': { ...text, multiple: true },
      'turn-secret-file': text,
      url: text,
      store: text,
      'node-address': text,
      'poll-seconds': { ...text, default: '15' },
      data: { ...text, default: 'data' },
      dist: { ...text, default: 'dist' },
      'trust-proxy': { type: 'boolean', default: false },
      'forward-unknown': { ...text, default: 'report' },
      'new-accounts': { ...text, default: 'open' },
      'reply-in-band': { ...text, default: 'always' },
      workers: { ...text, default: String(Math.max(1, availableParallelism() - 1)) },
      'admin-port': text,
      'admin-host': { ...text, default: '127.0.0.1' },
      'admin-token-file': text,
      log: { ...text, default: 'text' },
      'push-services': text,
      'push-contact': text,
      ...LIMIT_OPTIONS,
    },
  }).values;
}

type Flags = ReturnType<typeof readFlags>;

/** A local network reaches the mediator at every address of the machine. */
function hostOf({ host, lan }: Flags): { readonly host?: string } {
  if (host !== undefined) return { host };
  return lan ? {} : { host: '127.0.0.1' };
}

function lanOf({ lan, port, 'http-port': httpPort }: Flags): { readonly lan?: LanOptions } {
  if (!lan && httpPort !== undefined) throw new UsageError('--http-port goes with --lan');
  if (!lan) return {};
  const next = port === '0' ? port : String(portNumber('port', port) + 1);
  return { lan: { httpPort: portNumber('http-port', httpPort ?? next) } };
}

/** The secret is in a file: what stands on a command line, every user of the machine can read. */
function turnOf(flags: Flags): { readonly turn?: TurnServer } {
  const { 'turn-url': urls = [], 'turn-secret-file': file } = flags;
  if (urls.length === 0 && file === undefined) return {};
  if (urls.length === 0 || file === undefined)
    throw new UsageError('--turn-url and --turn-secret-file go together');
  if (urls.some((url) => !/^turns?:[^\s/]+$/.test(url)))
    throw new UsageError('--turn-url takes turn:host:port or turns:host:port');
  const secret = readOrComplain(file).trim();
  if (secret === '') throw new UsageError(`${file} holds no secret`);
  return { turn: { urls, secret } };
}

function readOrComplain(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (fault) {
    throw new UsageError(fault instanceof Error ? fault.message : file);
  }
}

function adminOf(flags: Flags): { readonly admin?: AdminOptions } {
  const { 'admin-port': port, 'admin-host': host, 'admin-token-file': tokenFile } = flags;
  if (port === undefined) return {};
  const token = tokenFile === undefined ? undefined : readOrComplain(tokenFile).trim();
  if (token !== undefined && token.length < 16)
    throw new UsageError('--admin-token-file holds a token of at least 16 characters');
  return {
    admin: {
      port: portNumber('admin-port', port),
      host,
      ...(token === undefined ? {} : { token }),
    },
  };
}

const portNumber = (flag: string, value: string): number => wholeNumber(flag, value, 0, 65_535);

function word<W extends string>(name: string, value: string, words: readonly W[]): W {
  const found = words.find((one) => one === value);
  if (!found) throw new UsageError(`--${name} takes ${words.join(' or ')}`);
  return found;
}

function hostAndPort(address: string): string {
  if (!/^[^\s/]+:\d{1,5}$/.test(address) || /^(0\.0\.0\.0|\[::\]):/.test(address))
    throw new UsageError('--node-address takes the host:port that the other nodes call');
  portNumber('node-address', address.slice(address.lastIndexOf(':') + 1));
  return address;
}

function hosts(list: string): readonly string[] {
  const names = list.toLowerCase().split(',');
  if (!names.every((name) => /^(\*|(\*\.)?[a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(name)))
    throw new UsageError('--push-services takes host names, by commas');
  return names;
}

function contactUrl(url: string): string {
  if (!/^(mailto:|https:\/\/)\S+$/.test(url))
    throw new UsageError('--push-contact takes a mailto: or https URL');
  return url;
}

async function main(): Promise<void> {
  const flags = readFlags();
  if (flags.help) {
    console.log(USAGE);
    return;
  }
  // What is kept is nobody else's to read.
  process.umask(0o077);
  useNodeCrypto();
  useNodeBase64();
  const log = createLog(word('log', flags.log, ['text', 'json']));
  const mediator = await startMediator({
    port: portNumber('port', flags.port),
    ...hostOf(flags),
    ...lanOf(flags),
    ...(flags.url === undefined ? {} : { url: publicUrl(flags.url) }),
    ...(flags.store === undefined ? {} : { storeUrl: databaseUrl(flags.store) }),
    ...(flags['node-address'] === undefined
      ? {}
      : { nodeAddress: hostAndPort(flags['node-address']) }),
    pollMs: wholeNumber('poll-seconds', flags['poll-seconds'], 1, 3600) * 1000,
    dataDir: flags.data,
    distDir: flags.dist,
    limits: limitsOf(flags),
    workers: wholeNumber('workers', flags.workers, 0, 256),
    ...turnOf(flags),
    trustProxy: flags['trust-proxy'],
    unknownForwards: word('forward-unknown', flags['forward-unknown'], ['report', 'silent']),
    newAccounts: word('new-accounts', flags['new-accounts'], ['open', 'closed']),
    ...(flags['push-services'] === undefined
      ? {}
      : { pushServices: hosts(flags['push-services']) }),
    ...(flags['push-contact'] === undefined
      ? {}
      : { pushContact: contactUrl(flags['push-contact']) }),
    replyInBand: word('reply-in-band', flags['reply-in-band'], ['always', 'strict']),
    ...adminOf(flags),
    log,
    onFault: (fault) => log.fault(fault),
  });
  console.log(`Parley is ready at ${mediator.url}`);
  if (mediator.lan) {
    const { lanGuide } = await import('./lan/terminal.ts');
    console.log(await lanGuide(mediator.lan, process.stdout.isTTY));
  }
  // Where NODE_COMPILE_CACHE is set, also for a start that does not end well.
  flushCompileCache();

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // A database that does not answer must not hold it: what is still under way was never answered 202.
    setTimeout(() => {
      console.error('Something did not end in time, and was left.');
      process.exit(1);
    }, STOP_MS).unref();
    mediator.close().then(
      () => process.exit(0),
      (fault: unknown) => fail(fault),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** What the operator can mend is told in a line; a bug with its stack. */
function fail(fault: unknown): never {
  const words = sentenceFor(fault);
  if (words === undefined) console.error(fault);
  else console.error(words);
  process.exit(1);
}

function sentenceFor(fault: unknown): string | undefined {
  if (!(fault instanceof Error)) return undefined;
  const { message } = fault;
  if (fault instanceof UsageError) return `${message}\n${SEE_HELP}`;
  if (fault instanceof StoreError || fault instanceof LanError || fault instanceof AdminError)
    return message;
  const code = 'code' in fault ? String(fault.code) : '';
  if (code.startsWith('ERR_PARSE_ARGS')) return `${message}\n${SEE_HELP}`;
  if (fault instanceof ListenError) {
    const { flag, port } = fault;
    if (code === 'EADDRINUSE')
      return `Port ${port} is taken: choose another by ${flag} (${SEE_HELP})`;
    if (code === 'EACCES')
      return `Port ${port} of ${flag} may not be used by this user: ${message}`;
    return `This machine cannot listen there (${flag} and its host): ${message}`;
  }
  // Files of the data folder, with their path in the message.
  return /^E(ACCES|EXIST|NOTDIR|ROFS|NOSPC|PERM)$/.test(code)
    ? `The data folder cannot be used: ${message}`
    : undefined;
}

main().catch(fail);

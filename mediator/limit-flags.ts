import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { StoreLimits } from './store/types.ts';
import { UsageError, wholeNumber } from './usage.ts';

// Every limit is a flag, within bounds in which nothing that was promised to a client breaks.

type Amounts = Omit<Limits, 'store'> & StoreLimits;

interface LimitFlag {
  readonly flag: string;
  /** How much of the limit the number on the command line counts; 1 when absent. */
  readonly unit?: number;
  readonly least: number;
  readonly most: number;
  /** Why it may not be more, where that is not plain to see. */
  readonly why?: string;
  readonly says: string;
}

const MiB = 1024 * 1024;
const SECOND = 1_000;
const DAY = 24 * 3600 * SECOND;
const MANY = 1_000_000_000;

/** In the order of --help. */
const FLAGS = {
  bodyBytes: {
    flag: 'body-bytes',
    least: MiB / 16,
    most: MiB,
    why: 'no wallet makes or takes a longer envelope',
    says: 'HTTP body, and frame of a WebSocket',
  },
  innerBytes: {
    flag: 'letter-bytes',
    least: MiB / 64,
    most: MiB / 2,
    why: 'wallets take answers of 1 MiB, and a longer letter fits into none',
    says: 'one letter of a forward; also how much mail is handed out at once',
  },
  lettersPerForward: {
    flag: 'letters-per-forward',
    least: 1,
    most: DEFAULT_LIMITS.lettersPerForward,
    why: 'that many attachments an envelope may have',
    says: 'attachments of a forward',
  },
  envelopeRecipients: {
    flag: 'recipients-per-envelope',
    least: 1,
    most: 100,
    says: 'keys that one envelope is made for',
  },
  jsonDepth: {
    flag: 'json-depth',
    least: 16,
    most: 256,
    says: 'arrays and objects within each other in an envelope',
  },
  nestedForwards: {
    flag: 'nested-forwards',
    least: 0,
    most: 10,
    says: 'forwards to the mediator itself within one',
  },
  bodyBytesPerSecond: {
    flag: 'body-bytes-per-second',
    least: 0,
    most: MANY,
    says: 'who sends a body more slowly is cut off',
  },
  headersMs: {
    flag: 'headers-seconds',
    unit: SECOND,
    least: 1,
    most: 600,
    says: 'until the headers of a request are there',
  },
  requestMs: {
    flag: 'request-seconds',
    unit: SECOND,
    least: 1,
    most: 600,
    says: 'until all of a request is there',
  },
  waitingEnvelopes: {
    flag: 'waiting-envelopes',
    least: 1,
    most: MANY,
    says: 'that wait for a thread to open them; then it is busy (503)',
  },
  waitingBytes: {
    flag: 'waiting-bytes',
    least: MiB,
    most: 64 * 1024 * MiB,
    says: 'and their size',
  },
  ratePerIp: {
    flag: 'rate-per-ip',
    least: 1,
    most: MANY,
    says: 'messages a second from one address',
  },
  burstPerIp: { flag: 'burst-per-ip', least: 1, most: MANY, says: 'of them at once' },
  ratePerAccount: {
    flag: 'rate-per-account',
    least: 1,
    most: MANY,
    says: 'requests a second of one account',
  },
  burstPerAccount: { flag: 'burst-per-account', least: 1, most: MANY, says: 'of them at once' },
  reportsPerHour: {
    flag: 'reports-per-hour',
    least: 0,
    most: MANY,
    says: 'problem reports to one DID',
  },
  sockets: { flag: 'sockets', least: 0, most: MANY, says: 'WebSockets of this process' },
  socketsPerAccount: {
    flag: 'sockets-per-account',
    least: 1,
    most: MANY,
    says: 'of them; for one more the oldest is closed',
  },
  socketsPerIp: { flag: 'sockets-per-ip', least: 1, most: MANY, says: 'of them' },
  socketPingMs: {
    flag: 'socket-ping-seconds',
    unit: SECOND,
    least: 1,
    most: 3600,
    says: 'between pings; who has not answered the last one is gone',
  },
  unackedPushes: {
    flag: 'live-window',
    least: 1,
    most: 1000,
    says: 'letters pushed to a socket and not acknowledged; more wait in the inbox',
  },
  bufferedBytes: {
    flag: 'socket-buffer-bytes',
    least: MiB / 16,
    most: 64 * MiB,
    says: 'written to a socket and not taken by it; then nothing is pushed',
  },
  messagesPerInbox: {
    flag: 'inbox-messages',
    least: 1,
    most: MANY,
    says: 'that wait for one account',
  },
  bytesPerInbox: { flag: 'inbox-bytes', least: 1, most: 100 * MANY, says: 'of them' },
  inboxShare: {
    flag: 'inbox-share-percent',
    unit: 0.01,
    least: 0,
    most: 100,
    says: 'of an inbox that one address may fill until something is fetched',
  },
  didsPerAccount: { flag: 'dids-per-account', least: 1, most: MANY, says: 'on its list' },
  linksPerAccount: { flag: 'links-per-account', least: 0, most: MANY, says: 'short links' },
  messageTtlMs: { flag: 'ttl-days', unit: DAY, least: 1, most: 3_650, says: 'that mail waits' },
  idleAccountMs: {
    flag: 'idle-account-days',
    unit: DAY,
    least: 1,
    most: 36_500,
    says: 'until an account without mail that nobody uses is closed',
  },
  outboundAtOnce: {
    flag: 'outbound-at-once',
    least: 1,
    most: 10_000,
    says: "answers on their way to clients' own endpoints, and as many pushes",
  },
  outboundMs: {
    flag: 'outbound-seconds',
    unit: SECOND,
    least: 1,
    most: 10,
    why: 'the sender waits for it',
    says: 'for one such answer',
  },
  pushEveryMs: {
    flag: 'push-seconds',
    unit: SECOND,
    least: 1,
    most: 86_400,
    says: 'between two pushes to one account',
  },
  pushMs: {
    flag: 'push-timeout-seconds',
    unit: SECOND,
    least: 1,
    most: 60,
    says: 'for the answer of a push service',
  },
} as const satisfies Record<keyof Amounts, LimitFlag>;

type FlagName = (typeof FLAGS)[keyof Amounts]['flag'];
const ENTRIES = Object.entries(FLAGS) as readonly (readonly [keyof Amounts, LimitFlag])[];
const DEFAULTS: Amounts = { ...DEFAULT_LIMITS, ...DEFAULT_LIMITS.store };

/** For `parseArgs`. */
export const LIMIT_OPTIONS = Object.fromEntries(
  ENTRIES.map(([, { flag }]) => [flag, { type: 'string' }]),
) as Readonly<Record<FlagName, { readonly type: 'string' }>>;

/** A line for each, with what is when it is not given. */
export const LIMIT_HELP = ENTRIES.map(([limit, { flag, unit = 1, says }]) =>
  `  --${flag} ${DEFAULTS[limit] / unit}`.padEnd(34).concat(says),
).join('\n');

/** @throws UsageError */
export function limitsOf(flags: Readonly<Partial<Record<FlagName, string | undefined>>>): Limits {
  const given: Readonly<Record<string, string | undefined>> = flags;
  const amounts = { ...DEFAULTS };
  for (const [limit, { flag, unit = 1, least, most, why }] of ENTRIES) {
    const value = given[flag];
    if (value !== undefined) amounts[limit] = wholeNumber(flag, value, least, most, why) * unit;
  }
  if (amounts.requestMs < amounts.headersMs)
    throw new UsageError('--request-seconds takes no less than --headers-seconds');
  const { messagesPerInbox, bytesPerInbox, didsPerAccount, linksPerAccount, ...others } = amounts;
  const store = { messagesPerInbox, bytesPerInbox, didsPerAccount, linksPerAccount };
  return { ...others, store };
}

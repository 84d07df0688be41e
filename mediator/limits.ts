import { ENVELOPE_LIMITS } from '../src/didcomm/jose-header.ts';
import { MAX_FORWARDED } from '../src/protocols/routing/messages.ts';
import { STORE_LIMITS, type StoreLimits } from './store/types.ts';

const MiB = 1024 * 1024;
const DAY_MS = 24 * 3600 * 1000;

/** Everything that keeps one client from using up the mediator of all the others. */
export interface Limits {
  /** HTTP body and WebSocket frame. */
  readonly bodyBytes: number;
  /** One forwarded envelope; also the raw size of one page of mail, so that any message fits a page. */
  readonly innerBytes: number;
  readonly lettersPerForward: number;
  readonly envelopeRecipients: number;
  /** Nesting of arrays and objects in what an envelope holds. */
  readonly jsonDepth: number;
  /** Forwards to ourselves in forwards to ourselves (security.md section 11). */
  readonly nestedForwards: number;
  /** From the first byte of a request to the last of its headers, and of its body. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** Envelopes that wait to be opened: more are turned away until there is room. */
  readonly waitingEnvelopes: number;
  readonly waitingBytes: number;
  readonly messageTtlMs: number;
  /** An account without messages that was not heard of for so long is closed. */
  readonly idleAccountMs: number;
  /** The least that a request's body must come in at, once it takes longer than a moment. */
  readonly bodyBytesPerSecond: number;
  /** Of an inbox, in messages and bytes: the most that one address may fill while nothing is fetched. */
  readonly inboxShare: number;
  readonly ratePerIp: number;
  readonly burstPerIp: number;
  /** Coordination and pickup messages per second of one account. */
  readonly ratePerAccount: number;
  readonly burstPerAccount: number;
  /** Problem reports sent to one DID per hour; then it gets none (rule R28). */
  readonly reportsPerHour: number;
  readonly sockets: number;
  readonly socketsPerAccount: number;
  readonly socketsPerIp: number;
  readonly socketPingMs: number;
  /** Live deliveries on their way to one socket: not acknowledged, and not written out yet. */
  readonly unackedPushes: number;
  readonly bufferedBytes: number;
  /** Answers that are posted to the sender's own endpoint: at once, and how long one may take. */
  readonly outboundAtOnce: number;
  readonly outboundMs: number;
  /** One push to an account in this time, and how long its push service may take to answer. */
  readonly pushEveryMs: number;
  readonly pushMs: number;
  readonly store: StoreLimits;
}

/** What opening an envelope needs to know of them. */
export type ReadLimits = Pick<
  Limits,
  'lettersPerForward' | 'envelopeRecipients' | 'jsonDepth' | 'nestedForwards'
>;

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: MiB,
  innerBytes: MiB / 2,
  lettersPerForward: MAX_FORWARDED,
  envelopeRecipients: ENVELOPE_LIMITS.maxRecipients,
  jsonDepth: ENVELOPE_LIMITS.maxDepth,
  nestedForwards: 3,
  headersMs: 5_000,
  requestMs: 15_000,
  waitingEnvelopes: 1_000,
  waitingBytes: 64 * MiB,
  messageTtlMs: 30 * DAY_MS,
  idleAccountMs: 400 * DAY_MS,
  bodyBytesPerSecond: 1_000,
  inboxShare: 0.2,
  ratePerIp: 20,
  burstPerIp: 100,
  ratePerAccount: 10,
  burstPerAccount: 50,
  reportsPerHour: 5,
  sockets: 10_000,
  socketsPerAccount: 8,
  socketsPerIp: 50,
  socketPingMs: 30_000,
  unackedPushes: 32,
  bufferedBytes: MiB,
  outboundAtOnce: 64,
  outboundMs: 2_000,
  pushEveryMs: 60_000,
  pushMs: 5_000,
  store: STORE_LIMITS,
};

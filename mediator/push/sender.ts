import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { LONGEST_WAIT_MS } from '../../src/lib/backoff.ts';
import { fromBase64Url } from '../../src/lib/base64url.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { PushSubscriptionBody } from '../../src/protocols/push-notifications-webpush/messages.ts';
import { send, type Sent } from '../egress.ts';
import type { Limits } from '../limits.ts';
import type { LiveHub } from '../live-hub.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { InboxStore } from '../store/types.ts';
import { encryptPush } from './encrypt.ts';
import type { Vapid } from './vapid.ts';

/** Wakes wallets that are closed. A lost push costs time, never mail. */
export interface PushSender {
  /** Mail of this account came in, or was left behind by a live socket that is gone. */
  wake(account: bigint): void;
  close(): Promise<void>;
}

export interface PushContext {
  readonly store: InboxStore;
  readonly hub: Pick<LiveHub, 'isLive'>;
  readonly vapid: Vapid;
  /** Who is told of trouble with our pushes: `mailto:` or https. */
  readonly contact: string;
  /** What a push says of us; all that it says. */
  readonly mediatorId: string;
  readonly ownIsLocal: boolean;
  readonly limits: Pick<Limits, 'pushEveryMs' | 'pushMs' | 'outboundAtOnce'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly onFault: (fault: unknown) => void;
}

/** A day: after that the wallet has been opened, or is not used. */
const TTL_SECONDS = 86_400;
/** The same for all: of several that wait for a device, it gets one (RFC 8030 section 5.4). */
const TOPIC = 'mail';
const BUSY_MS = 1_000;
/** Tries for mail that came in once; what comes in later begins anew. */
const MOST_FAILURES = 8;

type Outcome =
  | { readonly kind: 'sent' | 'gone' | 'refused' }
  | { readonly kind: 'later'; readonly retryAfterMs: number };

/** An account that is being woken, or is to be in a while. */
interface Waiting {
  /** More mail came in since its last turn began. */
  again: boolean;
  failures: number;
}

export function createPushSender(context: PushContext): PushSender {
  const { store, hub, limits, clock } = context;
  const waiting = new Map<bigint, Waiting>();
  const works = new Set<Promise<void>>();
  const closing = new AbortController();
  let underway = 0;

  /** @returns after how many ms to come back; undefined when all is done */
  async function attempt(account: bigint, entry: Waiting): Promise<number | undefined> {
    // Whatever a live socket does not take is told of when it ends.
    if (hub.isLive(account)) return undefined;
    if (underway >= limits.outboundAtOnce) return BUSY_MS;
    const now = clock.now();
    const turn = await store.takePushTurn(account, now, now + limits.pushEveryMs);
    if (turn.kind === 'none') return undefined;
    if (turn.kind === 'wait') return Math.max(1, turn.until - now);
    underway += 1;
    try {
      const outcome = await push(turn.subscription);
      context.metrics.count('webpush_total', { outcome: outcome.kind });
      if (outcome.kind === 'gone') await store.dropPush(account, turn.subscription);
      if (outcome.kind !== 'later' || entry.failures === MOST_FAILURES) {
        entry.failures = 0;
        return undefined;
      }
      const patience = Math.min(LONGEST_WAIT_MS, limits.pushEveryMs * 2 ** entry.failures);
      entry.failures += 1;
      return Math.max(patience, outcome.retryAfterMs);
    } finally {
      underway -= 1;
    }
  }

  async function push(text: string): Promise<Outcome> {
    const parsed = v.safeParse(PushSubscriptionBody, JSON.parse(text));
    if (!parsed.success) return { kind: 'gone' };
    const { endpoint, keys, expiration_time: until } = parsed.output;
    const now = clock.now();
    if (until != null && until * 1000 <= now) return { kind: 'gone' };
    const recipient = { p256dh: bytesOf(keys.p256dh), auth: bytesOf(keys.auth) };
    const body = encryptPush(JSON.stringify({ v: 1, m: context.mediatorId }), recipient);
    const sent = await send(endpoint, body, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-encoding': 'aes128gcm',
        authorization: context.vapid.authorize(new URL(endpoint).origin, context.contact, now),
        ttl: String(TTL_SECONDS),
        urgency: 'high',
        topic: TOPIC,
      },
      ownIsLocal: context.ownIsLocal,
      timeoutMs: limits.pushMs,
    });
    return outcomeOf(sent);
  }

  async function serve(account: bigint, entry: Waiting): Promise<void> {
    try {
      do {
        entry.again = false;
        for (let wait = await attempt(account, entry); wait !== undefined;) {
          await sleep(wait, undefined, { ref: false, signal: closing.signal });
          wait = await attempt(account, entry);
        }
      } while (isAskedAgain(entry));
    } finally {
      waiting.delete(account);
    }
  }

  return {
    wake: (account) => {
      const known = waiting.get(account);
      if (known) known.again = true;
      if (known || closing.signal.aborted) return;
      const entry = { again: false, failures: 0 };
      waiting.set(account, entry);
      const work = serve(account, entry)
        .catch((fault: unknown) => {
          if (!closing.signal.aborted) context.onFault(fault);
        })
        .finally(() => works.delete(work));
      works.add(work);
    },
    close: async () => {
      closing.abort();
      await Promise.all(works);
    },
  };
}

/** Written by `wake` while its turn was under way. */
const isAskedAgain = ({ again }: Waiting): boolean => again;

/** RFC 8030 section 5, and what push services say to a subscription that is gone. */
function outcomeOf(sent: Sent | undefined): Outcome {
  if (!sent) return { kind: 'later', retryAfterMs: 0 };
  const { status, retryAfterSeconds } = sent;
  if (status >= 200 && status <= 299) return { kind: 'sent' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status === 429 || status >= 500)
    return { kind: 'later', retryAfterMs: Math.min(retryAfterSeconds ?? 0, TTL_SECONDS) * 1000 };
  return { kind: 'refused' };
}

/** Of a text that its schema has checked. */
const bytesOf = (text: string): Buffer => Buffer.from(fromBase64Url(text) ?? []);

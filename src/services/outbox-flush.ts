import { backoffMs } from '../lib/backoff.ts';
import { waitForAll } from '../lib/promises.ts';
import { OutboxPayload, openRow } from '../storage/payloads.ts';
import type { OutboxRow, ParleyDb } from '../storage/schema.ts';
import type { ControlPorts } from './control.ts';
import { waysTo, wrapForWay } from './ways.ts';

export interface FlushPorts extends ControlPorts {
  readonly db: ParleyDb;
  readonly ownOrigin: string;
}

/** What one attempt led to (architecture.md, "Send"). */
type Delivery =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'retry';
      readonly afterMs: number | undefined;
      /** How often in a row it was refused, where that may pass. */
      readonly refusals?: number;
    }
  | {
      readonly kind: 'refused';
      readonly why: 'no-route' | 'not-found' | 'mailbox-full' | 'refused' | 'login';
    };

type Why = Extract<Delivery, { kind: 'refused' }>['why'];

/**
 * Asked again for about twenty minutes before the person is told: a full mailbox, and what a proxy says while the
 * server behind it is away. Any other 4xx is about these very bytes, which stay the same.
 */
const MAX_FULL_ATTEMPTS = 12;
const MAY_PASS: Readonly<Partial<Record<number, Why>>> = {
  401: 'login',
  403: 'refused',
  404: 'refused',
  507: 'mailbox-full',
};
const LANES_AT_ONCE = 6;
/** An answer to a forward is a small report or nothing. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Sends what is due: first in, first out within a lane, several lanes at once. A lane stops at its first
 * envelope that must wait, so that order is kept, and does not start while its own DID is not registered.
 */
export async function flushOutbox(ports: FlushPorts): Promise<void> {
  const lanes = (await ports.db.outbox.orderBy('lane').uniqueKeys()) as string[];
  const workers = Array.from({ length: LANES_AT_ONCE }, async () => {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift())
      await flushLane(ports, lane);
  });
  await waitForAll(workers);
}

async function flushLane(ports: FlushPorts, lane: string): Promise<void> {
  for (;;) {
    // Equal keys of an index come in the order of the primary key, which is `seq`.
    const row = await ports.db.outbox.where('lane').equals(lane).first();
    if (!row || row.nextAt > ports.clock.now()) return;
    // Asked after the row was read: both came in one transaction, also while this lane is being sent.
    if ((await ports.db.jobs.where('lane').equals(lane).count()) > 0) return;
    const payload = await openRow(ports.device, OutboxPayload, 'outbox', row);
    // A row of a newer version stays, and keeps its lane in order, until that version is back.
    if (!payload) return;
    const wrapped = await wrapOnce(ports, row, payload);
    const held = 'kind' in wrapped;
    const delivery = held ? wrapped : await attempt(ports, wrapped);
    if (!(await settle(ports, row, held ? payload : wrapped, delivery))) return;
  }
}

/**
 * Wraps the inner envelope for every way to the contact and stores those bytes before the first POST; every
 * retry on a way sends the same (I10).
 * @returns what keeps it from leaving instead
 */
async function wrapOnce(
  ports: FlushPorts,
  row: OutboxRow,
  payload: OutboxPayload,
): Promise<OutboxPayload | Delivery> {
  if (payload.packed !== undefined && payload.url !== undefined) return payload;
  const found = await waysTo(ports, payload.theirDid);
  if (found.kind === 'unreachable' && payload.attempts + 1 < MAX_FULL_ATTEMPTS)
    return { kind: 'retry', afterMs: undefined };
  const wrapped = await Promise.all(
    (found.kind === 'ok' ? found.ways : []).map(async (way) => {
      const { inner, theirDid } = payload;
      const packed = await wrapForWay(ports.engine, inner, theirDid, way, ports.clock.now());
      const routingDid = way.hops[0]?.document.did;
      return packed === undefined
        ? []
        : [{ packed, url: way.url, ...(routingDid ? { routingDid } : {}) }];
    }),
  );
  const [first, ...otherWays] = wrapped.flat();
  if (!first) return refused(found.kind === 'login' ? 'login' : 'no-route');
  const next = { ...payload, ...first, ...(otherWays.length > 0 ? { otherWays } : {}) };
  await replaceRow(ports, row, next, row.nextAt);
  return next;
}

/** The ways take turns: who is not reached on one is tried on the next. */
function wayOf({ packed, url, routingDid, otherWays = [], attempts }: OutboxPayload) {
  const ways = [{ packed, url, routingDid }, ...otherWays];
  return ways[attempts % ways.length];
}

async function attempt(ports: FlushPorts, payload: OutboxPayload): Promise<Delivery> {
  const { url, packed, routingDid } = wayOf(payload) ?? {};
  if (url === undefined || packed === undefined) return refused('no-route');
  const answer = await ports.http.post(url, packed, MAX_ANSWER_BYTES);
  if (answer.kind === 'unreachable') return { kind: 'retry', afterMs: undefined };
  const { status, body, retryAfterMs } = answer;
  const word =
    status === 507 || body.trim() === '' || routingDid === undefined
      ? undefined
      : await (await import('./delivery-report.ts')).wordOn(ports, routingDid, body);
  if (word === 'delivered') return { kind: 'sent' };
  if (word) return refused(word);
  const why = MAY_PASS[status];
  const refusals = (payload.refusals ?? 0) + 1;
  if (why)
    return refusals < MAX_FULL_ATTEMPTS
      ? { kind: 'retry', afterMs: retryAfterMs, refusals }
      : refused(why);
  if (status === 408 || status === 429 || status >= 500)
    return { kind: 'retry', afterMs: retryAfterMs };
  return status < 200 || status > 299 ? refused('refused') : { kind: 'sent' };
}

const refused = (why: Why): Delivery => ({ kind: 'refused', why });

/** @returns whether the lane may go on to its next envelope */
async function settle(
  ports: FlushPorts,
  row: OutboxRow,
  payload: OutboxPayload,
  delivery: Delivery,
): Promise<boolean> {
  const isGivenUp = payload.courtesy === true && payload.attempts >= MAX_FULL_ATTEMPTS;
  if (delivery.kind === 'retry' && !isGivenUp) {
    const attempts = payload.attempts + 1;
    const wait = delivery.afterMs ?? backoffMs(attempts, Math.random());
    const { refusals } = delivery;
    await replaceRow(ports, row, { ...payload, attempts, refusals }, ports.clock.now() + wait);
    return false;
  }
  const { db } = ports;
  if (delivery.kind === 'refused' && delivery.why === 'not-found') {
    const { voidContact } = await import('./void-contact.ts');
    if (await voidContact(db, row.lane)) return true;
  }
  const { messageRowId, endsWith } = payload;
  if (endsWith) {
    const { endingLeft } = await import('./ending-left.ts');
    await endingLeft(ports, row, endsWith, delivery.kind === 'sent');
    return true;
  }
  await db.transaction('rw', [db.outbox, db.messages], async () => {
    if (row.seq !== undefined) await db.outbox.delete(row.seq);
    if (messageRowId === undefined) return;
    await db.messages
      .where('id')
      .equals(messageRowId)
      // A receipt may have overtaken us: delivered stays delivered.
      .filter(({ st }) => st === 'waiting')
      .modify((message) => {
        message.st = delivery.kind === 'sent' ? 'sent' : 'failed';
        if (delivery.kind === 'refused') message.why = delivery.why;
      });
  });
  return true;
}

async function replaceRow(
  ports: FlushPorts,
  row: OutboxRow,
  payload: OutboxPayload,
  nextAt: number,
): Promise<void> {
  const x = await ports.device.seal('outbox', row.id, payload);
  // Never `put`: what was deleted meanwhile must stay so.
  if (row.seq !== undefined) await ports.db.outbox.update(row.seq, { nextAt, x });
}

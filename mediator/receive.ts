import type { Did, ResolveDid } from '../src/did/did.ts';
import type { EnvelopeEngine } from '../src/didcomm/engine.ts';
import { routeKey } from '../src/didcomm/message-type.ts';
import type { Message } from '../src/didcomm/plaintext.ts';
import type { Dispatched, Draft } from '../src/didcomm/router.ts';
import { openEnvelope } from '../src/didcomm/trust-gate.ts';
import type { Clock } from '../src/lib/clock.ts';
import type { LiveSession } from '../src/protocols/message-pickup/mediator.ts';
import {
  draftReport,
  malformedMessage,
  unsupportedMessage,
  type Problem,
} from '../src/protocols/report-problem/messages.ts';
import { isReport } from '../src/protocols/report-problem/types.ts';
import { INBOX_FULL, TOO_BIG, type RelayPorts } from '../src/protocols/routing/mediator.ts';
import { Forward } from '../src/protocols/routing/messages.ts';
import type { Identity } from './identity.ts';
import type { Limits } from './limits.ts';
import type { Outbound } from './outbound.ts';
import { accountRouter, forwardRouter, type AccountPorts } from './protocols.ts';
import type { Budget, RateLimit } from './rate-limit.ts';
import { replayKey, replayUntil } from './replay.ts';
import { sealReply, signReply, type Sealed } from './seal.ts';
import type { InboxStore } from './store/types.ts';

export interface ReceiveContext {
  readonly engine: EnvelopeEngine;
  readonly resolve: ResolveDid;
  readonly identity: Identity;
  readonly store: InboxStore;
  readonly ports: AccountPorts & RelayPorts;
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly accountRate: RateLimit;
  readonly reportBudget: Budget;
  /** `strict`: a message without `return_route` is answered at its sender's endpoint, as the extension has it. */
  readonly replyInBand: 'always' | 'strict';
}

/** A connection that stays open; over it, answers always return on it. */
export interface Connection {
  /** Ties the connection to the first DID proved on it. @returns undefined for any other DID */
  sessionOf(sender: Did, ourDid: Did): LiveSession | undefined;
}

/** What HTTP says; over a socket only the reply is sent. */
export interface Answer {
  readonly status: 200 | 202 | 400 | 413 | 429 | 507;
  readonly reply?: Sealed;
  readonly retryAfterSeconds?: number;
}

const ACCEPTED: Answer = { status: 202 };
const BAD: Answer = { status: 400 };
const REPLAYED: Problem = {
  code: 'e.p.crypto.message.dejavu',
  comment: 'The message was received before.',
};
const UNPROVED: Problem = {
  code: 'e.p.trust',
  comment: 'Only a forward may come from an anonymous sender.',
};

/** One packed message in, one answer out. Throws only when the store or the engine is broken. */
export async function receive(
  context: ReceiveContext,
  packed: string,
  connection: Connection | undefined,
): Promise<Answer> {
  const { engine, identity, resolve, clock } = context;
  const opened = await openEnvelope(packed, {
    engine,
    secrets: identity.secrets,
    resolve,
    now: clock.now(),
    asMediator: true,
  });
  if (opened.kind === 'quarantine') return opened.reason === 'too-large' ? { status: 413 } : BAD;
  if (opened.kind === 'not-for-us') return BAD;
  const { message, sender, senderTag, recipientDid } = opened.inbound;
  // A bare signature is for nobody in particular.
  if (!recipientDid) return BAD;
  const ourDid = identity.answering(recipientDid);
  const key = routeKey(message.type);
  if (key === routeKey(Forward.type)) return takeForward(context, message, ourDid);
  // Never a report about a report (rule R28).
  if (isReport(message)) return ACCEPTED;
  if (!senderTag || !sender) {
    const report = draftReport(UNPROVED, message.id);
    return { status: 200, reply: await signReply(context, report, message, ourDid) };
  }
  const from = { message, sender, ourDid, connection };
  const envelope = replayKey(sender, senderTag);
  // [Note: A replay costs its sender nothing] Anybody may have sent it: no rate, no budget, no socket of the account.
  if (await context.store.knows(envelope)) return refuseReplay(context, from);
  const wait = context.accountRate.take(sender);
  // Not remembered yet: the same envelope may come again after the wait.
  if (wait > 0) return { status: 429, retryAfterSeconds: wait };
  const until = replayUntil(message.type, clock.now());
  // Asked once more, for two that came at the same time.
  if (await context.store.seen(envelope, until)) return refuseReplay(context, from);
  return takeFromAccount(context, from);
}

/** Whoever forwards stays unknown, also where the envelope would prove a name (rule I63). */
async function takeForward(
  context: ReceiveContext,
  forward: Message,
  ourDid: Did,
): Promise<Answer> {
  const dispatched = await forwardRouter.dispatch(forward, undefined, context.ports);
  const [report] = draftsOf(dispatched, forward);
  if (!report) return ACCEPTED;
  return {
    status: statusOf(report),
    reply: await signReply(context, report, forward, ourDid),
  };
}

/** Simple senders look at the status alone: a 2xx would be a silent loss. */
function statusOf(report: Draft): Answer['status'] {
  if (report.body['code'] === INBOX_FULL.code) return 507;
  return report.body['code'] === TOO_BIG.code ? 413 : 200;
}

interface FromAccount {
  readonly message: Message;
  readonly sender: Did;
  readonly ourDid: Did;
  readonly connection: Connection | undefined;
}

/** Answers on the way it came, and never at the endpoint of the sender. */
async function refuseReplay(context: ReceiveContext, from: FromAccount): Promise<Answer> {
  const { message, sender, ourDid } = from;
  if (!isAnsweredHere(context, from)) return ACCEPTED;
  const draft = draftReport(REPLAYED, message.id);
  const reply = await sealReply(context, draft, message, { ourDid, theirDid: sender });
  return reply ? { status: 200, reply } : ACCEPTED;
}

async function takeFromAccount(context: ReceiveContext, from: FromAccount): Promise<Answer> {
  const { message, sender, ourDid, connection } = from;
  const session = connection?.sessionOf(sender, ourDid);
  const dispatched = await accountRouter.dispatch(message, { sender, session }, context.ports);
  const [draft] = draftsOf(dispatched, message);
  if (!draft) return ACCEPTED;
  if (isReport(draft) && !context.reportBudget.spend(sender)) return ACCEPTED;
  const reply = await sealReply(context, draft, message, { ourDid, theirDid: sender });
  if (!reply) return ACCEPTED;
  if (isAnsweredHere(context, from)) return { status: 200, reply };
  await context.outbound.deliver(sender, reply.packed);
  return ACCEPTED;
}

function isAnsweredHere(
  { replyInBand }: ReceiveContext,
  { connection, message: { return_route: returnRoute } }: FromAccount,
): boolean {
  if (connection) return true;
  return returnRoute === undefined ? replyInBand === 'always' : returnRoute !== 'none';
}

function draftsOf(dispatched: Dispatched, message: Message): readonly Draft[] {
  switch (dispatched.kind) {
    case 'handled':
      return dispatched.drafts;
    case 'malformed':
      return [draftReport(malformedMessage(message.type, dispatched.detail), message.id)];
    case 'unsupported':
      return [draftReport(unsupportedMessage(message.type), message.id)];
  }
}

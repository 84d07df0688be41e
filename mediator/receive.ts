import type { Did, ResolveDid } from '../src/did/did.ts';
import type { EnvelopeEngine } from '../src/didcomm/engine.ts';
import type { Message } from '../src/didcomm/plaintext.ts';
import type { Draft } from '../src/didcomm/router.ts';
import type { Bytes } from '../src/lib/bytes.ts';
import type { Clock } from '../src/lib/clock.ts';
import {
  LIVE_MODE_NOT_SUPPORTED,
  type LiveSession,
} from '../src/protocols/message-pickup/mediator.ts';
import { draftReport, type Problem } from '../src/protocols/report-problem/messages.ts';
import { isReport } from '../src/protocols/report-problem/types.ts';
import { answerToForward, INBOX_FULL, TOO_BIG } from '../src/protocols/routing/mediator.ts';
import { didKey } from './did-hash.ts';
import type { Identity } from './identity.ts';
import type { Limits } from './limits.ts';
import { shortHash, type Log } from './operations/log.ts';
import type { Metrics } from './operations/metrics.ts';
import type { Outbound } from './outbound.ts';
import type { LetterRelay } from './ports.ts';
import { accountRouter, typeLabel, type AccountPorts } from './protocols.ts';
import type { Budget, RateLimit } from './rate-limit.ts';
import { draftsOf, type Mail, type Read, type ReadPacked } from './read.ts';
import { changesNothing, replayKey, replayUntil } from './replay.ts';
import { sealReply, signReply, type Sealed } from './seal.ts';
import type { Hash, InboxStore } from './store/types.ts';

export interface ReceiveContext {
  readonly read: ReadPacked;
  /** Reads what takes a look into the store. */
  readonly readKnowing: ReadPacked;
  readonly engine: EnvelopeEngine;
  readonly resolve: ResolveDid;
  readonly identity: Identity;
  readonly store: InboxStore;
  readonly ports: AccountPorts & { readonly relay: LetterRelay };
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly accountRate: RateLimit;
  readonly reportBudget: Budget;
  /** Takes note that an account is in use. */
  readonly touch: (did: Did) => void;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly onFault: (fault: unknown) => void;
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
  readonly status: 200 | 202 | 400 | 413 | 429 | 503 | 507;
  readonly reply?: Sealed;
  readonly retryAfterSeconds?: number;
}

const ACCEPTED: Answer = { status: 202 };
const BUSY: Answer = { status: 503, retryAfterSeconds: 1 };
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
  packed: Bytes,
  /** The address it came from. */
  client: string,
  connection?: Connection,
): Promise<Answer> {
  const before = performance.now();
  const first = await context.read(packed);
  const read = first.kind === 'short-name' ? await context.readKnowing(first.packed) : first;
  context.metrics.observe('unpack_microseconds', (performance.now() - before) * 1000);
  if (read.kind === 'busy') return BUSY;
  if (read.kind === 'refused') return { status: read.status };
  if (read.kind === 'short-name') return { status: 400 };
  if (read.kind === 'forward') return takeForward(context, read, client);
  const { message, ourDid, sender, senderTag } = read;
  // Never a report about a report (rule R28); what is past its time has no effect (rule R25).
  if (isReport(message) || read.expired) return ACCEPTED;
  if (!senderTag || !sender) {
    const report = draftReport(UNPROVED, message.id);
    return { status: 200, reply: await signReply(context, report, message, ourDid) };
  }
  const from = { message, sender, ourDid, connection };
  const envelope = replayKey(sender, senderTag);
  // [Note: A replay costs its sender nothing] Anybody may have sent it: no rate, no budget, no socket of the account.
  if (await context.store.knows(envelope)) return refuseReplay(context, from);
  const wait = context.accountRate.take(didKey(sender));
  // Not remembered yet: the same envelope may come again after the wait.
  if (wait > 0) {
    context.metrics.count('rate_limited_total', { of: 'account' });
    return { status: 429, retryAfterSeconds: wait };
  }
  // Asked once more, for two that came at the same time.
  if (await wasSeen(context, envelope, message.type)) return refuseReplay(context, from);
  return takeFromAccount(context, from);
}

/** [Note: A full disk keeps no mail back] What changes nothing is answered also when nothing can be written. */
async function wasSeen(context: ReceiveContext, envelope: Hash, type: string): Promise<boolean> {
  try {
    return await context.store.seen(envelope, replayUntil(type, context.clock.now()));
  } catch (fault) {
    if (!changesNothing(type)) throw fault;
    context.onFault(fault);
    return false;
  }
}

async function takeForward(
  context: ReceiveContext,
  { message, ourDid, content }: Extract<Read, { kind: 'forward' }>,
  client: string,
): Promise<Answer> {
  const [report] =
    'drafts' in content ? content.drafts : await keepMail(context, message, content, client);
  if ('drafts' in content) context.metrics.count('forwards_total', { outcome: 'malformed' });
  if (!report) return ACCEPTED;
  return { status: statusOf(report), reply: await signReply(context, report, message, ourDid) };
}

async function keepMail(
  { ports: { relay }, metrics }: ReceiveContext,
  forward: Pick<Message, 'id'>,
  { next, nextText, letters, expiresSeconds }: Mail,
  client: string,
): Promise<readonly Draft[]> {
  const kept = await relay.keepLetters(next, letters, expiresSeconds, sourceOf(client));
  metrics.count('forwards_total', { outcome: kept });
  return answerToForward(kept, forward.id, nextText);
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
  tell(context, from, REPLAYED.code);
  if (!isAnsweredHere(context, from)) return ACCEPTED;
  const draft = draftReport(REPLAYED, message.id);
  const reply = await sealReply(context, draft, message, { ourDid, theirDid: sender });
  return reply ? { status: 200, reply } : ACCEPTED;
}

async function takeFromAccount(context: ReceiveContext, from: FromAccount): Promise<Answer> {
  const { message, sender, ourDid, connection } = from;
  context.touch(sender);
  const session = connection?.sessionOf(sender, ourDid);
  const dispatched = await accountRouter.dispatch(message, { sender, session }, context.ports);
  const [draft] = draftsOf(dispatched, message);
  tell(context, from, dispatched.kind === 'handled' ? codeOf(draft) : dispatched.kind);
  if (!draft) return ACCEPTED;
  if (isError(draft) && !context.reportBudget.spend(didKey(sender))) return ACCEPTED;
  const reply = await sealReply(context, draft, message, { ourDid, theirDid: sender });
  if (!reply) return ACCEPTED;
  if (isAnsweredHere(context, from)) return { status: 200, reply };
  await context.outbound.deliver(sender, reply.packed);
  return ACCEPTED;
}

/** A proxy of this machine, of which the mediator was not told, stands for all its clients. */
const sourceOf = (client: string): string | undefined =>
  /^(127\.|0:0:0:0$)/.test(client) ? undefined : client;

/** Whether it counts among the errors of its sender. Some ask by every change whether live mode is to be had. */
const isError = (draft: Draft): boolean =>
  isReport(draft) && draft.body['code'] !== LIVE_MODE_NOT_SUPPORTED.code;
/** Codes of ours alone: a malformed type's own name is its sender's word. */
const codeOf = (draft: Draft | undefined): string =>
  draft && isReport(draft) ? String(draft.body['code']) : 'ok';

function tell({ metrics, log }: ReceiveContext, from: FromAccount, code: string): void {
  const type = typeLabel(from.message.type);
  metrics.count('control_total', { type, code });
  if (code !== 'ok') log.event('report', { type, code, did: shortHash(from.sender) });
}

function isAnsweredHere(
  { replyInBand }: ReceiveContext,
  { connection, message: { return_route: returnRoute } }: FromAccount,
): boolean {
  if (connection) return true;
  return returnRoute === undefined ? replyInBand === 'always' : returnRoute !== 'none';
}

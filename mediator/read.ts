import { didOf, type Did, type ResolveDid } from '../src/did/did.ts';
import type { EnvelopeEngine } from '../src/didcomm/engine.ts';
import { routeKey } from '../src/didcomm/message-type.ts';
import type { Message } from '../src/didcomm/plaintext.ts';
import type { Dispatched, Draft } from '../src/didcomm/router.ts';
import { openEnvelope } from '../src/didcomm/trust-gate.ts';
import { fromUtf8, type Bytes } from '../src/lib/bytes.ts';
import type { Clock } from '../src/lib/clock.ts';
import {
  draftReport,
  malformedMessage,
  unsupportedMessage,
} from '../src/protocols/report-problem/messages.ts';
import type { Relay } from '../src/protocols/routing/mediator.ts';
import { Forward } from '../src/protocols/routing/messages.ts';
import { didHash } from './did-hash.ts';
import type { Identity } from './identity.ts';
import { letterOf } from './letter.ts';
import type { ReadLimits } from './limits.ts';
import { forwardRouter } from './protocols.ts';
import type { Hash, Letter } from './store/types.ts';

/**
 * What a packed message turned out to be, as far as that needs nothing that is stored: plain data, which may
 * come from another thread.
 */
export type Read =
  /** Not an envelope for us, or a forged one. */
  | { readonly kind: 'refused'; readonly status: 400 | 413 }
  /** Its sender gives a name that says nothing to who does not keep the long one: what came, unread. */
  | { readonly kind: 'short-name'; readonly packed: Bytes }
  /** Whoever forwards stays unknown, also where the envelope would prove a name (rule I63). */
  | {
      readonly kind: 'forward';
      readonly message: Pick<Message, 'id' | 'thid'>;
      readonly ourDid: Did;
      /** What is wrong with it, or what it carries. */
      readonly content: { readonly drafts: readonly Draft[] } | Mail;
    }
  | {
      readonly kind: 'message';
      readonly message: Message;
      readonly ourDid: Did;
      readonly sender: Did | undefined;
      /** The tag of the authcrypt layer. */
      readonly senderTag: Bytes | undefined;
      readonly expired?: true;
    };

export interface Mail {
  /** As the sender wrote it, and as the store knows it. */
  readonly nextText: string;
  readonly next: Hash;
  readonly letters: readonly Letter[];
  readonly expiresSeconds: number | undefined;
}

/** `busy`: not read; it may be sent again. */
export type ReadPacked = (packed: Bytes) => Promise<Read | { readonly kind: 'busy' }>;

export interface ReadContext {
  readonly engine: EnvelopeEngine;
  readonly resolve: ResolveDid;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly limits: ReadLimits;
}

type ReadForward = Extract<Read, { readonly kind: 'forward' }>;

const BAD: Read = { kind: 'refused', status: 400 };

/** Opens a packed message and, when it is a forward, takes it apart: all of the work that grows with its size. */
export async function readPacked(
  context: ReadContext,
  packedBytes: Bytes,
  /** How many forwards it came in. */
  nested = 0,
): Promise<Read> {
  const { engine, identity, clock, limits } = context;
  const shortNames: string[] = [];
  const resolve: ResolveDid = async (did) => {
    const resolution = await context.resolve(did);
    if (resolution.kind === 'unsupported' && did.startsWith('did:peer:4')) shortNames.push(did);
    return resolution;
  };
  const packed = fromUtf8(packedBytes);
  if (packed === undefined) return BAD;
  const opened = await openEnvelope(packed, {
    engine,
    secrets: identity.secrets,
    resolve,
    now: clock.now(),
    asMediator: true,
    limits: { maxDepth: limits.jsonDepth, maxRecipients: limits.envelopeRecipients },
  });
  if (opened.kind === 'quarantine' && opened.reason === 'did' && shortNames.length > 0)
    return { kind: 'short-name', packed: packedBytes };
  if (opened.kind === 'quarantine')
    return opened.reason === 'too-large' ? { kind: 'refused', status: 413 } : BAD;
  if (opened.kind === 'not-for-us') return BAD;
  const { message, sender, senderTag, recipientDid, expired } = opened.inbound;
  // A bare signature is for nobody in particular.
  if (!recipientDid) return BAD;
  const ourDid = identity.answering(recipientDid);
  if (routeKey(message.type) === routeKey(Forward.type)) {
    const outer = await readForward(message, ourDid, limits);
    return nested < limits.nestedForwards
      ? ((await readNested(context, outer, nested)) ?? outer)
      : outer;
  }
  return { kind: 'message', message, ourDid, sender, senderTag, ...(expired ? { expired } : {}) };
}

async function readForward(
  message: Message,
  ourDid: Did,
  { lettersPerForward: most }: ReadLimits,
): Promise<ReadForward> {
  const { id, thid } = message;
  const about = { id, ...(thid === undefined ? {} : { thid }) };
  let mail: Mail | undefined;
  const relay: Relay = {
    keep: async (next, envelopes, expiresSeconds) => {
      const nextText = String(message.body['next']);
      mail = { nextText, next: didHash(next), letters: envelopes.map(letterOf), expiresSeconds };
      return 'kept';
    },
  };
  const dispatched = await forwardRouter.dispatch(message, undefined, { relay, most });
  const content = mail ?? { drafts: draftsOf(dispatched, message) };
  return { kind: 'forward', message: about, ourDid, content };
}

/**
 * What is in a forward to ourselves: some senders take each of our DIDs that an address names for a mediator of
 * its own. @returns undefined for any other, and for one that does not hold just one forward
 */
async function readNested(
  context: ReadContext,
  { content: outer }: ReadForward,
  nested: number,
): Promise<Read | undefined> {
  if ('drafts' in outer) return undefined;
  const { nextText, letters, expiresSeconds = Infinity } = outer;
  const [letter, ...more] = letters;
  if (!letter || more.length > 0 || !context.identity.isOwn(didOf(nextText) ?? ''))
    return undefined;
  const inner = await readPacked(context, letter.body, nested + 1);
  if (inner.kind !== 'forward' || 'drafts' in inner.content) return undefined;
  const soonest = Math.min(expiresSeconds, inner.content.expiresSeconds ?? Infinity);
  return { ...inner, content: { ...inner.content, expiresSeconds: soonest } };
}

/** The answers to a message, also to one that could not be handled. */
export function draftsOf(dispatched: Dispatched, message: Message): readonly Draft[] {
  switch (dispatched.kind) {
    case 'handled':
      return dispatched.drafts;
    case 'malformed':
      return [draftReport(malformedMessage(message.type, dispatched.detail), message.id)];
    case 'unsupported':
      return [draftReport(unsupportedMessage(message.type), message.id)];
  }
}

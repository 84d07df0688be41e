import {
  didOf,
  isDid,
  type Did,
  type DidCommService,
  type DidDocument,
  type ResolveDid,
} from '../src/did/did.ts';
import { findKey } from '../src/did/key-alias.ts';
import type { EnvelopeEngine } from '../src/didcomm/engine.ts';
import type { Clock } from '../src/lib/clock.ts';
import type { Relay } from '../src/protocols/routing/mediator.ts';
import { wrapInForward } from '../src/protocols/routing/wrap.ts';
import { isAllowedEndpoint, postOnce } from './egress.ts';
import type { Identity } from './identity.ts';
import type { Limits } from './limits.ts';

/** Sends an answer to its receiver's own endpoint, for who asks for that (`return_route: none`). */
export interface Outbound {
  /** Resolves when the attempt has ended; an answer that cannot be sent is dropped. */
  deliver(to: Did, packed: string): Promise<'sent' | 'dropped'>;
}

export interface OutboundContext {
  readonly engine: EnvelopeEngine;
  readonly resolve: ResolveDid;
  readonly identity: Identity;
  readonly relay: Relay;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly ownIsLocal: boolean;
}

/** An answer may cost its mediator no more than this (security.md section 7.1). */
const MAX_LEVELS = 2;
const MAX_ROUTING_KEYS = 5;
const MAX_POSTS = 3;

/** What is left for one answer. */
interface Journey {
  /** Of `performance.now()`. */
  readonly until: number;
  posts: number;
}

/** An envelope, and whom it is for: a DID, or the id of a key. */
interface Parcel {
  readonly next: string;
  readonly packed: string;
}

export function createOutbound(context: OutboundContext): Outbound {
  const { engine, resolve, identity, relay, clock, limits, ownIsLocal } = context;
  let underway = 0;

  /** Puts it into a forward to a mediator, or to one key of it. */
  const wrap = async (
    { next, packed }: Parcel,
    mediator: DidDocument,
    target: string,
  ): Promise<Parcel | undefined> => {
    const wrapped = await wrapInForward({
      engine,
      innerJwe: packed,
      next,
      mediator,
      nowMs: clock.now(),
    });
    return wrapped.kind === 'ok' ? { next: target, packed: wrapped.packed } : undefined;
  };

  /** "From the last to the first" (messaging spec, "Sender Process to Enable Forwarding"). */
  const wrapFor = async (
    parcel: Parcel,
    routingKeys: readonly string[],
  ): Promise<Parcel | undefined> => {
    const routingKey = routingKeys.at(-1);
    if (routingKey === undefined) return parcel;
    const resolved = await resolve(didOf(routingKey) ?? '');
    if (resolved.kind !== 'ok') return undefined;
    const { document } = resolved;
    // Some name the DID of the mediator in the place of a key of it.
    const keyAgreement = isDid(routingKey)
      ? document.keyAgreement
      : document.keyAgreement.filter((key) => key === findKey(document.keyAgreement, routingKey));
    const wrapped = await wrap(parcel, { ...document, keyAgreement }, routingKey);
    return wrapped && wrapFor(wrapped, routingKeys.slice(0, -1));
  };

  /** In the order of the receiver's choice, until one has taken it. */
  const send = async (
    { services }: DidDocument,
    parcel: Parcel,
    journey: Journey,
    levels = MAX_LEVELS,
  ): Promise<boolean> => {
    for (const service of services) if (await sendBy(service, parcel, journey, levels)) return true;
    return false;
  };

  const sendBy = async (
    { uri, routingKeys }: DidCommService,
    parcel: Parcel,
    journey: Journey,
    levels: number,
  ): Promise<boolean> => {
    const mediatorDid = isDid(uri) ? uri : undefined;
    if (routingKeys.length > MAX_ROUTING_KEYS) return false;
    if (mediatorDid === undefined && !isAllowedEndpoint(uri, ownIsLocal)) return false;
    const wrapped = await wrapFor(parcel, routingKeys);
    if (!wrapped) return false;
    if (mediatorDid === undefined) return post(uri, wrapped.packed, journey);
    if (identity.isOwn(mediatorDid)) {
      const next = didOf(wrapped.next) ?? '';
      return (await relay.keep(next, [wrapped.packed], undefined)) === 'kept';
    }
    const mediator = levels > 0 ? await resolve(mediatorDid) : undefined;
    if (mediator?.kind !== 'ok') return false;
    const outer = await wrap(wrapped, mediator.document, mediatorDid);
    return outer !== undefined && send(mediator.document, outer, journey, levels - 1);
  };

  const post = async (uri: string, packed: string, journey: Journey): Promise<boolean> => {
    const timeoutMs = Math.floor(journey.until - performance.now());
    if (timeoutMs <= 0 || journey.posts === 0) return false;
    journey.posts -= 1;
    return postOnce(uri, packed, { ownIsLocal, timeoutMs });
  };

  return {
    deliver: async (to, packed) => {
      if (underway >= limits.outboundAtOnce) return 'dropped';
      underway += 1;
      try {
        const receiver = await resolve(to);
        if (receiver.kind !== 'ok') return 'dropped';
        const journey = { until: performance.now() + limits.outboundMs, posts: MAX_POSTS };
        const sent = await send(receiver.document, { next: to, packed }, journey);
        return sent ? 'sent' : 'dropped';
      } finally {
        underway -= 1;
      }
    },
  };
}

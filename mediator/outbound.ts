import type { Did, DidDocument, ResolveDid } from '../src/did/did.ts';
import { isDid } from '../src/did/did.ts';
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

export function createOutbound(context: OutboundContext): Outbound {
  const { engine, resolve, identity, relay, clock, limits, ownIsLocal } = context;
  let underway = 0;

  const post = async (document: DidDocument, packed: string): Promise<boolean> => {
    const endpoint = document.services.find(
      ({ uri, routingKeys }) => routingKeys.length === 0 && isAllowedEndpoint(uri, ownIsLocal),
    );
    if (!endpoint) return false;
    return postOnce(endpoint.uri, packed, { ownIsLocal, timeoutMs: limits.outboundMs });
  };

  /** A DID as endpoint: the answer goes into a forward to that mediator, one level deep. */
  const forward = async (through: Did, next: Did, packed: string): Promise<boolean> => {
    if (identity.isOwn(through)) return (await relay.keep(next, [packed], undefined)) === 'kept';
    const mediator = await resolve(through);
    if (mediator.kind !== 'ok') return false;
    const wrapped = await wrapInForward({
      engine,
      innerJwe: packed,
      next,
      mediator: mediator.document,
      nowMs: clock.now(),
    });
    return wrapped.kind === 'ok' && post(mediator.document, wrapped.packed);
  };

  const attempt = async (to: Did, packed: string): Promise<boolean> => {
    const receiver = await resolve(to);
    if (receiver.kind !== 'ok') return false;
    const through = receiver.document.services.map(({ uri }) => uri).find(isDid);
    return through === undefined ? post(receiver.document, packed) : forward(through, to, packed);
  };

  return {
    deliver: async (to, packed) => {
      if (underway >= limits.outboundAtOnce) return 'dropped';
      underway += 1;
      try {
        return (await attempt(to, packed)) ? 'sent' : 'dropped';
      } finally {
        underway -= 1;
      }
    },
  };
}

import { didOf, type Did, type DidCommService, type DidDocument } from '../did/did.ts';
import { findKey } from '../did/key-alias.ts';
import type { EnvelopeEngine } from '../didcomm/engine.ts';
import { wrapInForward } from '../protocols/routing/wrap.ts';
import { judgeEndpoint } from '../transport/endpoint-policy.ts';
import { resolveForSending, type SendingPorts } from './resolve-for-sending.ts';

/** Somebody who forwards: a mediator, or one key of it. */
interface Hop {
  /** What the forward around it calls it. */
  readonly name: string;
  readonly document: DidDocument;
}

/** One way to somebody: where to post, and who forwards, outermost first. */
export interface Way {
  readonly url: string;
  readonly hops: readonly Hop[];
}

export type Ways =
  | { readonly kind: 'ok'; readonly ways: readonly Way[] }
  | { readonly kind: 'none' }
  /** A document on the way could not be fetched now. */
  | { readonly kind: 'unreachable' }
  /** Whoever would forward takes mail of its own users alone (rule I54). */
  | { readonly kind: 'login' };

/** A mediator may name another as its endpoint, and that one has to have a URL. */
const MAX_LEVELS = 2;
const MAX_HOPS = 6;
const MAX_WAYS = 4;

/**
 * The ways to a contact, in its own order of preference (messaging spec, "Service Endpoint", "Using a DID as
 * an endpoint"): where an endpoint is a DID, its keys come before the routing keys, and the address is its.
 */
export async function waysTo(ports: SendingPorts, theirDid: Did): Promise<Ways> {
  const failed = { toFetch: false, login: false };
  const resolve = async (did: Did): Promise<DidDocument | undefined> => {
    const resolved = await resolveForSending(ports, did);
    failed.toFetch ||= resolved.kind === 'unreachable';
    return resolved.kind === 'ok' ? resolved.document : undefined;
  };
  const hopOf = async (name: string): Promise<Hop | undefined> => {
    const did = didOf(name);
    const document = did && (await resolve(did));
    if (!document || did === name) return document && { name, document };
    const key = findKey(document.keyAgreement, name);
    return key && { name, document: { ...document, keyAgreement: [key] } };
  };
  const through = async (
    services: readonly DidCommService[],
    behind: readonly Hop[],
    level: number,
  ): Promise<Way[]> => {
    const found: Way[] = [];
    for (const { uri, routingKeys, login } of services) {
      failed.login ||= login === true;
      if (login) continue;
      if (behind.length + routingKeys.length > MAX_HOPS) continue;
      const keys = await Promise.all(routingKeys.map(hopOf));
      const hops = [...keys.filter((hop) => hop !== undefined), ...behind];
      if (hops.length < keys.length + behind.length) continue;
      const did = didOf(uri);
      if (did === undefined) {
        const verdict = judgeEndpoint(uri, ports.ownOrigin);
        if (verdict.kind === 'ok' && verdict.url.protocol.startsWith('http'))
          found.push({ url: uri, hops });
        continue;
      }
      const document = level < MAX_LEVELS ? await resolve(did) : undefined;
      if (document)
        found.push(
          ...(await through(document.services, [{ name: did, document }, ...hops], level + 1)),
        );
    }
    return found;
  };
  const contact = await resolve(theirDid);
  const ways = contact ? await through(contact.services, [], 0) : [];
  if (ways.length > 0) return { kind: 'ok', ways: ways.slice(0, MAX_WAYS) };
  return { kind: failed.toFetch ? 'unreachable' : failed.login ? 'login' : 'none' };
}

/**
 * Wraps an envelope for each who forwards it, from the last to the first.
 * @returns undefined when one of them has no key that can be used
 */
export async function wrapForWay(
  engine: Pick<EnvelopeEngine, 'anoncrypt'>,
  inner: string,
  theirDid: Did,
  { hops }: Way,
  nowMs: number,
): Promise<string | undefined> {
  let packed = inner;
  let next: string = theirDid;
  for (const { name, document } of hops.toReversed()) {
    const wrapped = await wrapInForward({
      engine,
      innerJwe: packed,
      next,
      mediator: document,
      nowMs,
    });
    if (wrapped.kind !== 'ok') return undefined;
    packed = wrapped.packed;
    next = name;
  }
  return packed;
}

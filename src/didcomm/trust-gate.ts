import type { Did, KeyId, ResolveDid } from '../did/did.ts';
import { inProvedForm } from '../did/same-did.ts';
import type { Bytes } from '../lib/bytes.ts';
import { SKEW_SECONDS, toSeconds } from '../lib/clock.ts';
import type { EnvelopeEngine, EnvelopeFault, EnvelopeLimits, Secrets } from './engine.ts';
import type { GateReason } from './gate-reason.ts';
import type { IsKnownMove, PriorDid } from './judge-prior.ts';
import type { Message } from './plaintext.ts';
import { addressingFault, proofOf } from './proof.ts';
import { isLongId, quarantine, readPlaintext, type Exemptions } from './read-plaintext.ts';

/** A message together with what its envelope proved. The claims `from` and `from_prior` are gone. */
export interface Inbound {
  /** `none`: a bare JWS. */
  readonly encryption: 'authcrypt' | 'anoncrypt' | 'none';
  /** Proved by the sender's or signer's key; undefined for anoncrypt without signature (R4). */
  readonly sender: Did | undefined;
  /** As the peer wrote it. */
  readonly senderKid?: KeyId;
  /** The tag of the authcrypt layer: the same for the same envelope, also when a stranger wraps it once more. */
  readonly senderTag?: Bytes;
  readonly signed: boolean;
  /** The DID of ours whose key opened the envelope; undefined for a bare JWS. */
  readonly recipientDid: Did | undefined;
  readonly recipientKid?: string;
  readonly message: Message;
  /** The plaintext as it came. */
  readonly plaintextBytes: Bytes;
  /** `sender` is the proved successor of `priorDid`; whether that one is a contact is not known here. */
  readonly rotation?: PriorDid;
  /** The owner of `priorDid` moved to no DID at all: it ends the relationship (R20). `sender` is that DID or unknown. */
  readonly ending?: PriorDid;
  /** Its `expires_time` is past (R25): kept and shown as such, without any effect on a protocol. */
  readonly expired?: true;
  /** Its id is longer than any identifier in use (R21): worth a line in the log. */
  readonly longId?: true;
}

export type Opened =
  | { readonly kind: 'ok'; readonly inbound: Inbound }
  | { readonly kind: 'quarantine'; readonly reason: GateReason }
  | { readonly kind: 'not-for-us'; readonly recipientKids: readonly string[] };

export interface GatePorts extends Exemptions {
  readonly engine: EnvelopeEngine;
  readonly secrets: Secrets;
  readonly resolve: ResolveDid;
  /** Where they differ from the usual caps. */
  readonly limits?: Partial<EnvelopeLimits>;
  /** Without it no move is known. */
  readonly isKnownMove?: IsKnownMove;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The half of the trust gate that needs no memory: R1-R3, R5-R15, R21, R31, R32 and the pure parts of
 * R17, R20 and R25, after the caps. Everything a stranger can send ends in one of the three outcomes.
 */
export async function openEnvelope(packed: string, ports: GatePorts): Promise<Opened> {
  const { engine, secrets, resolve, now } = ports;
  const unpacked = await engine.unpack(packed, secrets, resolve, ports.ownMediator ?? ports.limits);
  if (unpacked.kind === 'refused') return quarantine(REASONS[unpacked.fault]);
  if (unpacked.kind === 'not-for-us') return unpacked;

  const { plaintext, plaintextBytes, layers } = unpacked;
  const read = await readPlaintext(plaintext, ports);
  if (read.kind === 'quarantine') return read;
  const { from: claim, from_prior: fromPrior, body, ...headers } = read.plaintext;
  const proof = proofOf(layers);
  const implied = ports.ownMediator ? proof.sender : undefined;
  const from = (await inProvedForm(claim, proof.sender)) ?? implied;
  // R20 exempts the last message from R3: its sender has no DID any more.
  const isLast = fromPrior !== undefined && proof.encryption === 'authcrypt';
  const fault = addressingFault(proof, from ?? (isLast ? proof.sender : undefined), headers.to);
  if (fault && !(fault === 'to' && ports.asMediator)) return quarantine(fault);

  const left =
    fromPrior === undefined
      ? undefined
      : // Few messages move: what judges a move is loaded with the first that does.
        await (
          await import('./judge-prior.ts')
        ).judgePrior(fromPrior, proof, from, resolve, now, ports.isKnownMove);
  if (left?.kind === 'quarantine') return left;
  const { encryption, signed, sender, senderKid, senderTag, recipientDid, recipientKid } = proof;
  const { created_time: createdSeconds, expires_time: expiresSeconds = Infinity } = headers;
  const nowSeconds = toSeconds(now);
  return {
    kind: 'ok',
    inbound: {
      encryption,
      sender,
      ...(senderKid ? { senderKid } : {}),
      ...(senderTag ? { senderTag } : {}),
      signed,
      recipientDid,
      ...(recipientKid === undefined ? {} : { recipientKid }),
      message: {
        ...headers,
        ...(createdSeconds === undefined
          ? {}
          : { created_time: Math.max(0, Math.min(createdSeconds, nowSeconds)) }), // R25
        body: body ?? {}, // R26
      },
      plaintextBytes,
      ...(left?.kind === 'rotation' ? { rotation: left.prior } : {}),
      ...(left?.kind === 'ending' ? { ending: left.prior } : {}),
      ...(expiresSeconds + SKEW_SECONDS <= nowSeconds ? { expired: true } : {}),
      ...(isLongId(headers.id) ? { longId: true } : {}),
    },
  };
}

const REASONS: Readonly<Record<EnvelopeFault, GateReason>> = {
  'too-large': 'too-large',
  'too-deep': 'too-deep',
  'not-json': 'malformed',
  malformed: 'malformed',
  plaintext: 'plaintext',
  nesting: 'nesting',
  header: 'header',
  recipients: 'recipients',
  alg: 'alg',
  epk: 'epk',
  signer: 'signer',
  sender: 'from-skid',
  did: 'did',
  typ: 'typ',
  decrypt: 'decrypt',
};

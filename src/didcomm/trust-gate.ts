import { isDid, type Did, type KeyId, type ResolveDid } from '../did/did.ts';
import { isSameDid } from '../did/same-did.ts';
import type { Bytes } from '../lib/bytes.ts';
import { SKEW_SECONDS, toSeconds } from '../lib/clock.ts';
import type { EnvelopeEngine, EnvelopeFault, Secrets } from './engine.ts';
import type { GateReason } from './gate-reason.ts';
import type { Message } from './plaintext.ts';
import { addressingFault, proofOf, type Proof } from './proof.ts';
import {
  isLongId,
  quarantine,
  readPlaintext,
  type Exemptions,
  type Quarantined,
} from './read-plaintext.ts';

/** A message together with what its envelope proved. The claims `from` and `from_prior` are gone. */
export interface Inbound {
  /** `none`: a bare JWS. */
  readonly encryption: 'authcrypt' | 'anoncrypt' | 'none';
  /** Proved by the sender's or signer's key; undefined for anoncrypt without signature (R4). */
  readonly sender: Did | undefined;
  /** As the peer wrote it. */
  readonly senderKid?: KeyId;
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

/** A DID whose own key signed that it is left, and when. */
export interface PriorDid {
  readonly priorDid: Did;
  readonly issuedAtSeconds: number;
}

export type Opened =
  | { readonly kind: 'ok'; readonly inbound: Inbound }
  | { readonly kind: 'quarantine'; readonly reason: GateReason }
  | { readonly kind: 'not-for-us'; readonly recipientKids: readonly string[] };

export interface GatePorts extends Exemptions {
  readonly engine: EnvelopeEngine;
  readonly secrets: Secrets;
  readonly resolve: ResolveDid;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The half of the trust gate that needs no memory: R1-R3, R5-R15, R21, R31, R32 and the pure parts of
 * R17, R20 and R25, after the caps. Everything a stranger can send ends in one of the three outcomes.
 */
export async function openEnvelope(packed: string, ports: GatePorts): Promise<Opened> {
  const { engine, secrets, resolve, now } = ports;
  const unpacked = await engine.unpack(packed, secrets, resolve, ports.ownMediator?.maxLength);
  if (unpacked.kind === 'refused') return quarantine(REASONS[unpacked.fault]);
  if (unpacked.kind === 'not-for-us') return unpacked;

  const { plaintextBytes, layers } = unpacked;
  const read = readPlaintext(plaintextBytes, ports);
  if (read.kind === 'quarantine') return read;
  const { from: claim, from_prior: fromPrior, body, ...headers } = read.plaintext;
  const proof = proofOf(layers);
  const implied = ports.ownMediator ? proof.sender : undefined;
  const from = (await asProved(claim, proof.sender)) ?? implied;
  // R20 exempts the last message from R3: its sender has no DID any more.
  const isLast = fromPrior !== undefined && proof.encryption === 'authcrypt';
  const fault = addressingFault(proof, from ?? (isLast ? proof.sender : undefined), headers.to);
  if (fault && !(fault === 'to' && ports.asMediator)) return quarantine(fault);

  const left =
    fromPrior === undefined ? undefined : await judgePrior(fromPrior, proof, from, resolve, now);
  if (left?.kind === 'quarantine') return left;
  const { encryption, signed, sender, senderKid, recipientDid, recipientKid } = proof;
  const { created_time: createdSeconds, expires_time: expiresSeconds = Infinity } = headers;
  const nowSeconds = toSeconds(now);
  return {
    kind: 'ok',
    inbound: {
      encryption,
      sender,
      ...(senderKid ? { senderKid } : {}),
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

/** A claim that is another form of the proved DID is that DID (rule I50); any other stays as it is. */
async function asProved(
  claim: string | undefined,
  proved: Did | undefined,
): Promise<string | undefined> {
  if (claim === proved || !isDid(claim) || !proved) return claim;
  return (await isSameDid(claim, proved)) ? proved : claim;
}

/** R14, R15, R17 and the recognition of R20. */
async function judgePrior(
  jwt: string,
  proof: Proof,
  from: string | undefined,
  resolve: ResolveDid,
  now: number,
): Promise<{ readonly kind: 'rotation' | 'ending'; readonly prior: PriorDid } | Quarantined> {
  const { encryption, sender } = proof;
  if (encryption === 'none') return quarantine('fp-kid');
  // Few messages move, and few are signed: what verifies is loaded with the first that does.
  const { isTimely, verifyFromPrior } = await import('./verify-from-prior.ts');
  const verdict = await verifyFromPrior(jwt, resolve);
  if (verdict.kind === 'refused') return quarantine(verdict.reason);
  const { iss, sub, iatSeconds } = verdict.fromPrior;
  const isEnding = sub === undefined && from === undefined;
  const isSubTheSender = (await asProved(sub, sender)) === sender;
  if (!isEnding && encryption === 'authcrypt' && from === undefined) return quarantine('no-from'); // R3
  // "The message MUST be encrypted … with the new DID": only authcrypt proves that. Who ends has none, and
  // need not say who encrypts.
  const isTheirs = isEnding
    ? sender === undefined || sender === iss
    : encryption === 'authcrypt' && isSubTheSender && sub !== iss;
  if (!isTheirs) return quarantine('fp-sub');
  if (!isTimely(verdict.fromPrior, toSeconds(now))) return quarantine('fp-time');
  return {
    kind: isEnding ? 'ending' : 'rotation',
    prior: { priorDid: iss, issuedAtSeconds: iatSeconds },
  };
}

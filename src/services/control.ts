import type { Did, ResolveDid } from '../did/did.ts';
import { fromBase64Url } from '../lib/base64url.ts';
import { isSameId, newMessageId } from '../lib/ids.ts';
import { addressDraft } from '../didcomm/address.ts';
import type { EnvelopeEngine, Secrets } from '../didcomm/engine.ts';
import type { Message } from '../didcomm/plaintext.ts';
import type { Draft } from '../didcomm/router.ts';
import { packAuthcrypt } from '../didcomm/pack.ts';
import { openEnvelope, type Inbound } from '../didcomm/trust-gate.ts';
import { isReport } from '../protocols/report-problem/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Device } from '../storage/device.ts';
import type { ParleyDb } from '../storage/schema.ts';
import type { HttpTransport } from '../transport/http.ts';
import type { MediatorAccount, ReadyMediator } from './mediators.ts';
import { resolverWith } from './resolve-for-sending.ts';

/** What talking to a mediator takes: no vault, so that it goes on while the wallet is locked. */
export interface ControlPorts {
  readonly db: ParleyDb;
  readonly engine: EnvelopeEngine;
  readonly device: Device;
  readonly clock: Clock;
  readonly http: HttpTransport;
}

/** What finding and asking a new one takes. */
export interface MediationPorts extends ControlPorts {
  readonly ownOrigin: string;
}

export type MediationOutcome =
  | { readonly kind: 'ready'; readonly mediator: ReadyMediator }
  | { readonly kind: 'unreachable' | 'refused' | 'login' };

export type ControlOutcome =
  | { readonly kind: 'reply'; readonly message: Message }
  /** 2xx without a message in it. */
  | { readonly kind: 'no-reply' }
  | { readonly kind: 'unreachable'; readonly retryAfterMs: number | undefined }
  /** An answer that is not the mediator's word on our request (rules R41, R42). */
  | { readonly kind: 'refused'; readonly status: number };

/** As much as one envelope may hold (security.md section 7.2). */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** A delivery: some mediators send all they have, whatever was asked for (rule I25). */
export const MAX_DELIVERY_BYTES = 16 * MAX_ANSWER_BYTES;

/** One request to the mediator and the answer in the same HTTP exchange (`return_route: all`). */
export async function askMediator(
  ports: ControlPorts,
  account: MediatorAccount,
  draft: Draft,
  maxAnswerBytes = MAX_ANSWER_BYTES,
): Promise<ControlOutcome> {
  const id = newMessageId();
  const packed = await packForMediator(ports, account, draft, id);
  const answer = await ports.http.post(account.httpUrl, packed, maxAnswerBytes);
  if (answer.kind === 'unreachable') return { kind: 'unreachable', retryAfterMs: undefined };
  if (answer.status === 429 || answer.status >= 500)
    return { kind: 'unreachable', retryAfterMs: answer.retryAfterMs };
  if (answer.status < 200 || answer.status > 299) return { kind: 'refused', status: answer.status };
  const body = answer.body.trim();
  if (body === '' || body === 'null') return { kind: 'no-reply' }; // I6
  const read = await readFromMediator(ports, account, body);
  return read.kind === 'message' && isAnswer(read.message, id)
    ? { kind: 'reply', message: read.message }
    : { kind: 'refused', status: answer.status };
}

/**
 * I20: the exchange tells what an answer is about, so that its thread may be missing, or be the answer's own.
 * A thread of something else is an old answer.
 */
function isAnswer({ id, thid, pthid, type }: Message, requestId: string): boolean {
  const ours = [thid, pthid].some((thread) => isSameId(thread, requestId));
  return ours || (thid === undefined && (pthid === undefined || isReport({ type }))) || thid === id;
}

/** @throws Error when the mediator has no usable key: such a mediator is never taken. */
export async function packForMediator(
  ports: Pick<ControlPorts, 'engine' | 'device' | 'clock'>,
  account: MediatorAccount,
  draft: Draft,
  id: string,
): Promise<string> {
  const plaintext = addressDraft(
    { ...draft, headers: { ...draft.headers, return_route: 'all' } },
    { id, from: account.myDid, to: account.mediatorDid, nowMs: ports.clock.now() },
  );
  const mediator = await resolverWith(account.documents)(account.mediatorDid);
  if (mediator.kind !== 'ok') throw new Error('a mediator whose DID does not resolve');
  const sender = {
    kid: `${account.myDid}#key-1` as const,
    privateKey: await accountKey(ports, account),
  };
  const recipient = mediator.document;
  const packed = await packAuthcrypt(ports.engine, { plaintext, sender, recipient });
  if (packed.kind !== 'ok') throw new Error('a mediator without a usable key');
  return packed.packed;
}

export type FromMediator =
  | { readonly kind: 'message'; readonly message: Message }
  /** For a DID of ours that is not the account. */
  | { readonly kind: 'not-for-account' }
  | { readonly kind: 'refused' };

/** The message inside an envelope, if the mediator itself wrote it to our account. */
export async function readFromMediator(
  ports: Omit<ControlPorts, 'http'>,
  account: MediatorAccount,
  packed: string,
): Promise<FromMediator> {
  const opened = await openEnvelope(packed, {
    engine: ports.engine,
    secrets: accountSecrets(ports, account),
    resolve: resolverFor(account),
    now: ports.clock.now(),
    ownMediator: { maxLength: MAX_DELIVERY_BYTES },
  });
  if (opened.kind === 'not-for-us') return { kind: 'not-for-account' };
  if (opened.kind !== 'ok' || !(await isFromMediator(ports, account, opened.inbound)))
    return { kind: 'refused' };
  const { encryption, message } = opened.inbound;
  // What is only signed is for whoever holds it: no more than a complaint is taken so (rule I5).
  return encryption === 'authcrypt' || (encryption === 'none' && isReport(message))
    ? { kind: 'message', message }
    : { kind: 'refused' };
}

/** Nearly always by the DID that it was met by. */
const isFromMediator = async (
  ports: Omit<ControlPorts, 'http'>,
  account: MediatorAccount,
  { sender, rotation }: Inbound,
): Promise<boolean> =>
  sender !== undefined &&
  (sender === account.mediatorDid ||
    (await import('./mediator-dids.ts')).isKnownSender(ports, account, sender, rotation));

const resolverFor =
  (account: MediatorAccount): ResolveDid =>
  async (did) => {
    const resolution = await resolverWith(account.documents)(did);
    return resolution.kind === 'unsupported'
      ? (await import('./mediator-dids.ts')).resolveShort(account, did)
      : resolution;
  };

const accountSecrets = (
  ports: Pick<ControlPorts, 'device'>,
  account: MediatorAccount,
): Secrets => ({
  agreementKey: async (kid) =>
    kid.startsWith(`${account.myDid}#`) ? accountKey(ports, account) : undefined,
});

/** @throws Error when the row was made on another device: its key cannot be unwrapped here. */
async function accountKey(
  ports: Pick<ControlPorts, 'device'>,
  account: Pick<MediatorAccount, 'myDid' | 'agreementKeyB64u'>,
): Promise<CryptoKey> {
  const wrapped = fromBase64Url(account.agreementKeyB64u);
  if (!wrapped) throw new Error('a mediator row without its key');
  return ports.device.unwrapAgreementKey(agreementKidOf(account.myDid), wrapped);
}

export const agreementKidOf = (did: Did): `${Did}#key-1` => `${did}#key-1`;

import type { Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { fromBase64Url } from '../lib/base64url.ts';
import { newMessageId } from '../lib/ids.ts';
import { addressDraft } from '../didcomm/address.ts';
import type { EnvelopeEngine, Secrets } from '../didcomm/engine.ts';
import type { Message } from '../didcomm/plaintext.ts';
import type { Draft } from '../didcomm/router.ts';
import { packAuthcrypt } from '../didcomm/pack.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import type { Clock } from '../lib/clock.ts';
import type { Device } from '../storage/device.ts';
import type { HttpTransport } from '../transport/http.ts';
import type { MediatorPayload } from '../storage/payloads.ts';

/** What talking to a mediator takes: no vault, so that it goes on while the wallet is locked. */
export interface ControlPorts {
  readonly engine: EnvelopeEngine;
  readonly device: Device;
  readonly clock: Clock;
  readonly http: HttpTransport;
}

type MediatorAccount = Pick<
  MediatorPayload,
  'mediatorDid' | 'myDid' | 'agreementKeyB64u' | 'httpUrl'
>;

export type ControlOutcome =
  | { readonly kind: 'reply'; readonly message: Message }
  /** 2xx without a message in it. */
  | { readonly kind: 'no-reply' }
  | { readonly kind: 'unreachable'; readonly retryAfterMs: number | undefined }
  /** An answer that is not the mediator's word on our request (rules R41, R42). */
  | { readonly kind: 'refused'; readonly status: number };

/** As much as one envelope may hold (security.md section 7.2). */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** One request to the mediator and the answer in the same HTTP exchange (`return_route: all`). */
export async function askMediator(
  ports: ControlPorts,
  account: MediatorAccount,
  draft: Draft,
): Promise<ControlOutcome> {
  const id = newMessageId();
  const packed = await packForMediator(ports, account, draft, id);
  const answer = await ports.http.post(account.httpUrl, packed, MAX_ANSWER_BYTES);
  if (answer.kind === 'unreachable') return { kind: 'unreachable', retryAfterMs: undefined };
  if (answer.status === 429 || answer.status >= 500)
    return { kind: 'unreachable', retryAfterMs: answer.retryAfterMs };
  if (answer.status < 200 || answer.status > 299) return { kind: 'refused', status: answer.status };
  if (answer.body.trim() === '') return { kind: 'no-reply' };
  const message = await readFromMediator(ports, account, answer.body);
  return message && (message.thid === id || message.pthid === id)
    ? { kind: 'reply', message }
    : { kind: 'refused', status: answer.status };
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
  const mediator = await resolveDid(account.mediatorDid);
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

/** The message inside an envelope, if the mediator itself wrote it to our account. */
export async function readFromMediator(
  ports: Pick<ControlPorts, 'engine' | 'device' | 'clock'>,
  account: MediatorAccount,
  packed: string,
): Promise<Message | undefined> {
  const opened = await openEnvelope(packed, {
    engine: ports.engine,
    secrets: accountSecrets(ports, account),
    resolve: resolveDid,
    now: ports.clock.now(),
  });
  if (opened.kind !== 'ok' || opened.inbound.encryption !== 'authcrypt') return undefined;
  return opened.inbound.sender === account.mediatorDid ? opened.inbound.message : undefined;
}

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

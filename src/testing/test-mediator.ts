import { createServer } from 'node:http';
import { compose } from '../../mediator/compose.ts';
import { createIdentity, endpointsAt, type Identity } from '../../mediator/identity.ts';
import type { AppRequest, AppResponse } from '../../mediator/app.ts';
import { DEFAULT_LIMITS, type Limits } from '../../mediator/limits.ts';
import { liveHub } from '../../mediator/live-hub.ts';
import type { ReadPacked } from '../../mediator/read.ts';
import { newVapidKey, vapidOf } from '../../mediator/push/vapid.ts';
import type { InboxStore } from '../../mediator/store/types.ts';
import type { TurnServer } from '../../mediator/turn.ts';
import { generateAgreementKeys, generateSigningKeys } from '../crypto/keys.ts';
import type { Did } from '../did/did.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { packAnoncrypt } from '../didcomm/pack.ts';
import { utf8 } from '../lib/bytes.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { ProblemReport } from '../protocols/report-problem/messages.ts';
import {
  forwardOf,
  letterFor,
  mediatorClient,
  type MediatorClient,
  type WireAnswer,
} from './mediator-client.ts';
import { memoryStore } from './memory-store.ts';
import { documentOf } from './peer-did.ts';
import type { Peer } from './peer.ts';

export interface TestMediator {
  readonly identity: Identity;
  readonly store: InboxStore;
  readonly faults: unknown[];
  request(request: Partial<AppRequest>): Promise<AppResponse>;
  readonly post: (
    packed: string | Uint8Array<ArrayBuffer>,
    more?: Partial<AppRequest>,
  ) => Promise<WireAnswer>;
  client(peer?: Peer): Promise<MediatorClient>;
}

/** Wide enough that no test meets a rate by accident. */
export const TEST_LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  ratePerIp: 1e6,
  burstPerIp: 1e6,
  ratePerAccount: 1e6,
  burstPerAccount: 1e6,
  reportsPerHour: 1e6,
};

/** A whole mediator without a socket. */
export async function testMediator(
  options: {
    readonly limits?: Partial<Limits>;
    readonly store?: InboxStore;
    readonly clock?: Clock;
    readonly url?: string;
    readonly distDir?: string;
    readonly unknownForwards?: 'report' | 'silent';
    readonly newAccounts?: 'open' | 'closed';
    readonly replyInBand?: 'always' | 'strict';
    readonly read?: ReadPacked;
    readonly turn?: TurnServer;
    readonly pushServices?: readonly string[];
  } = {},
): Promise<TestMediator> {
  const { clock = systemClock, url = 'https://mediator.example', read, ...rest } = options;
  const keys = {
    agreement: await generateAgreementKeys(),
    signing: await generateSigningKeys(),
  };
  const identity = createIdentity(keys, endpointsAt(url));
  const limits = { ...TEST_LIMITS, ...options.limits };
  const store = options.store ?? memoryStore(limits.store);
  const vapid = vapidOf(newVapidKey());
  const faults: unknown[] = [];
  const { app } = compose(
    { distDir: 'no-such-folder', ...rest, onFault: (fault) => faults.push(fault) },
    {
      limits,
      store,
      server: createServer(),
      url,
      identity,
      hub: liveHub(),
      clock,
      vapid,
      ...(read ? { read } : {}),
    },
  );
  const request = (asked: Partial<AppRequest>): Promise<AppResponse> =>
    app({
      method: 'GET',
      path: '/',
      client: '192.0.2.1',
      acceptsGzip: false,
      ifNoneMatch: '',
      body: new Uint8Array(),
      ...asked,
    });
  const post: TestMediator['post'] = async (packed, more) => {
    const body = typeof packed === 'string' ? utf8(packed) : packed;
    const answer = await request({ method: 'POST', body, ...more });
    return { status: answer.status, body: String(answer.body ?? '') };
  };
  return {
    identity,
    store,
    faults,
    request,
    post,
    client: (peer) => mediatorClient(identity.did, post, peer),
  };
}

/** A client with a grant, and its DID registered for mail. */
export interface Account {
  readonly client: MediatorClient;
  readonly routingDid: Did;
}

export async function newAccount(mediator: TestMediator): Promise<Account> {
  const client = await mediator.client();
  const granted = await client.ask(
    `https://didcomm.org/coordinate-mediation/3.0/mediate-request`,
    {},
  );
  await client.ask(`https://didcomm.org/coordinate-mediation/3.0/recipient-update`, {
    updates: [{ recipient_did: client.peer.did, action: 'add' }],
  });
  const [routingDid] = granted.message?.body['routing_did'] as Did[];
  return { client, routingDid: routingDid! };
}

/** Sends a text to the account's DID; the mediator must take it. @returns the envelope */
export async function sendLetter(
  mediator: TestMediator,
  to: Account,
  text: string,
): Promise<string> {
  const letter = await letterFor(to.client.peer, text);
  const answer = await mediator.post(await forwardOf(letter, to.client.peer.did, to.routingDid));
  if (answer.status !== 202) throw new Error(`the letter was answered by ${answer.status}`);
  return letter;
}

export const countOf = async ({ client }: Account): Promise<unknown> =>
  (await client.ask('https://didcomm.org/messagepickup/3.0/status-request', {})).message?.body[
    'message_count'
  ];

/** Asks what must be answered by a problem report. */
export const reportOf = async (
  client: MediatorClient,
  type: string,
  body: object,
  headers?: object,
) => {
  const { status, message } = await client.ask(type, body, headers);
  if (message?.type !== ProblemReport.type)
    throw new Error(`no report but ${String(message?.type)}`);
  return { status, ...message.body };
};

/** A forward that says whatever a test wants. */
export async function postForward(
  mediator: { readonly post: (packed: string) => Promise<WireAnswer> },
  to: Did,
  plaintext: object,
): Promise<WireAnswer> {
  const packed = await packAnoncrypt(nativeEngine, {
    plaintext: {
      id: crypto.randomUUID(),
      type: 'https://didcomm.org/routing/2.0/forward',
      to: [to],
      body: {},
      ...plaintext,
    },
    recipient: await documentOf(to),
  });
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  return mediator.post(packed.packed);
}

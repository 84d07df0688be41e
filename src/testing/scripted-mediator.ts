import type { Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { PLAIN_TYP, type Message } from '../didcomm/plaintext.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { utf8 } from '../lib/bytes.ts';
import { newMessageId } from '../lib/ids.ts';
import type { HttpTransport, PostOutcome } from '../transport/http.ts';
import { seal } from './foreign.ts';
import type { Json } from './forge.ts';
import { newPeer, type Peer } from './peer.ts';

// A mediator that answers rightly until a test tells it otherwise.

const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PU = 'https://didcomm.org/messagepickup/3.0';
export const REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';

/** The right answer to a request, before it is sealed; undefined for none. */
export type Reply = { readonly type: string; readonly body: Json } & Json;

export interface ScriptedMediator {
  readonly peer: Peer;
  readonly http: HttpTransport;
  /** Every request, in order. */
  readonly asked: { readonly type: string; readonly body: Json }[];
  /** What waits to be fetched, oldest first. */
  readonly mailbox: { readonly id?: string; readonly data: Json }[];
  readonly registered: Set<string>;
  /** What `/invitation` holds. */
  invitation: string | undefined;
  /** Stands between the right answer and the wallet. */
  answer: (request: Request) => PostOutcome | Promise<PostOutcome>;
  put(packed: string): void;
}

export interface Request {
  readonly message: Message;
  readonly account: Did;
  readonly reply: Reply | undefined;
  /** Seals as the mediator does: `thid` of the request, unless the test says other headers. */
  readonly say: (reply?: Reply, more?: Json, from?: Peer) => Promise<PostOutcome>;
}

export const answered = (status: number, body = '', retryAfterMs?: number): PostOutcome => ({
  kind: 'answered',
  status,
  body,
  retryAfterMs,
});

export const scriptedUrl = 'http://localhost:9/mediator';

export async function scriptedMediator(peer?: Peer): Promise<ScriptedMediator> {
  const me = peer ?? (await newPeer([{ uri: scriptedUrl, accept: ['didcomm/v2'] }]));
  const replyTo = ({ type, body }: Message): Reply | undefined => {
    switch (type) {
      case `${CM}/mediate-request`:
        return { type: `${CM}/mediate-grant`, body: { routing_did: [me.did] } };
      case `${CM}/recipient-update`: {
        const updates = body['updates'] as { recipient_did: string; action: string }[];
        for (const { recipient_did, action } of updates)
          if (action === 'add') mediator.registered.add(recipient_did);
          else mediator.registered.delete(recipient_did);
        const updated = updates.map((update) => ({ ...update, result: 'success' }));
        return { type: `${CM}/recipient-update-response`, body: { updated } };
      }
      case `${PU}/delivery-request`: {
        const attachments = mediator.mailbox.slice(0, Number(body['limit']));
        return attachments.length === 0
          ? { type: `${PU}/status`, body: { message_count: 0 } }
          : { type: `${PU}/delivery`, body: {}, attachments };
      }
      case `${PU}/messages-received`: {
        const ids = body['message_id_list'] as string[];
        const rest = mediator.mailbox.filter(({ id }) => id === undefined || !ids.includes(id));
        mediator.mailbox.splice(0, Infinity, ...rest);
        return { type: `${PU}/status`, body: { message_count: rest.length } };
      }
      default:
        return undefined;
    }
  };

  const post: HttpTransport['post'] = async (_url, packed) => {
    const opened = await openEnvelope(packed, {
      engine: nativeEngine,
      secrets: me.secrets,
      resolve: resolveDid,
      now: Date.now(),
    });
    if (opened.kind !== 'ok') return answered(opened.kind === 'not-for-us' ? 202 : 400);
    const { message, sender } = opened.inbound;
    if (!sender) return answered(202); // a forward
    mediator.asked.push({ type: message.type, body: message.body });
    const reply = replyTo(message);
    const say: Request['say'] = async (said = reply, more = {}, from = me) => {
      if (!said) return answered(202);
      const plaintext = JSON.parse(
        JSON.stringify({
          id: newMessageId(),
          typ: PLAIN_TYP,
          from: from.did,
          to: [sender],
          thid: message.id,
          ...said,
          ...more,
        }),
      ) as Json;
      return answered(200, await seal(from, sender, plaintext));
    };
    return mediator.answer({ message, account: sender, reply, say });
  };

  const mediator: ScriptedMediator = {
    peer: me,
    http: {
      post,
      get: async () => ({ kind: 'unreachable' }),
      getText: async () => mediator.invitation,
    },
    asked: [],
    mailbox: [],
    registered: new Set(),
    invitation: invitationTo(me.did),
    answer: ({ say }) => say(),
    put: (packed) => {
      mediator.mailbox.push({ id: newMessageId(), data: { base64: toBase64Url(utf8(packed)) } });
    },
  };
  return mediator;
}

/** As a mediator prints it. */
export const invitationTo = (from: string, more: Json = {}): string =>
  JSON.stringify({
    type: 'https://didcomm.org/out-of-band/2.0/invitation',
    id: newMessageId(),
    from,
    body: { goal_code: 'request-mediate', accept: ['didcomm/v2'] },
    ...more,
  });

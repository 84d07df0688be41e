import type { Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { packAnoncrypt, packAuthcrypt } from '../didcomm/pack.ts';
import { PLAIN_TYP, type Message } from '../didcomm/plaintext.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import { newMessageId } from '../lib/ids.ts';
import { wrapInForward } from '../protocols/routing/wrap.ts';
import { documentOf } from './peer-did.ts';
import { newPeer, type Peer } from './peer.ts';

export interface WireAnswer {
  readonly status: number;
  /** As text; empty when there is none. */
  readonly body: string;
}

export interface Asked {
  readonly status: number;
  /** The reply in the answer, if there is one. */
  readonly message?: Message;
  readonly sender?: Did;
}

/** A client of a mediator, on our own engine. */
export interface MediatorClient {
  readonly peer: Peer;
  /** Packs a request of this type; every one with a fresh id. */
  pack(type: string, body: object, headers?: object): Promise<string>;
  ask(type: string, body: object, headers?: object): Promise<Asked>;
  open(packed: string): Promise<{ readonly message: Message; readonly sender: Did | undefined }>;
}

export type Post = (packed: string) => Promise<WireAnswer>;

const QUEUE = [{ uri: 'didcomm:transport/queue' }];

export async function mediatorClient(
  mediatorDid: Did,
  post: Post,
  peer?: Peer,
): Promise<MediatorClient> {
  const me = peer ?? (await newPeer(QUEUE));
  const pack = async (type: string, body: object, headers: object = {}): Promise<string> => {
    const packed = await packAuthcrypt(nativeEngine, {
      plaintext: {
        id: newMessageId(),
        type,
        typ: PLAIN_TYP,
        from: me.did,
        to: [mediatorDid],
        created_time: Math.floor(Date.now() / 1000),
        return_route: 'all',
        body,
        ...headers,
      },
      sender: me.agreement,
      recipient: await documentOf(mediatorDid),
    });
    if (packed.kind !== 'ok') throw new Error(packed.kind);
    return packed.packed;
  };
  const open = async (packed: string) => {
    const opened = await openEnvelope(packed, {
      engine: nativeEngine,
      secrets: me.secrets,
      resolve: resolveDid,
      now: Date.now(),
    });
    if (opened.kind !== 'ok') throw new Error(`the reply is ${JSON.stringify(opened)}`);
    return opened.inbound;
  };
  return {
    peer: me,
    pack,
    open,
    ask: async (type, body, headers) => {
      const { status, body: text } = await post(await pack(type, body, headers));
      return text === '' ? { status } : { status, ...senderAndMessage(await open(text)) };
    },
  };
}

const senderAndMessage = ({ message, sender }: { message: Message; sender: Did | undefined }) => ({
  message,
  ...(sender ? { sender } : {}),
});

/** A text from nobody in particular to `peer`: what a forward carries. */
export async function letterFor(peer: Pick<Peer, 'document'>, text: string): Promise<string> {
  const packed = await packAnoncrypt(nativeEngine, {
    plaintext: {
      id: newMessageId(),
      type: 'https://didcomm.org/basicmessage/2.0/message',
      typ: PLAIN_TYP,
      to: [peer.document.did],
      body: { content: text },
    },
    recipient: peer.document,
  });
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  return packed.packed;
}

/** @param through the routing DID that was granted */
export async function forwardOf(innerJwe: string, next: Did, through: Did): Promise<string> {
  const wrapped = await wrapInForward({
    engine: nativeEngine,
    innerJwe,
    next,
    mediator: await documentOf(through),
    nowMs: Date.now(),
  });
  if (wrapped.kind !== 'ok') throw new Error(wrapped.kind);
  return wrapped.packed;
}

/** The messages of a delivery, as JSON text, with their attachment ids. */
export const lettersOf = (delivery: Message | undefined): { id: string; packed: string }[] =>
  (delivery?.attachments ?? []).map(({ id, data }) => ({
    id: id ?? '',
    packed: Buffer.from(data.base64 ?? '', 'base64url').toString('utf8'),
  }));

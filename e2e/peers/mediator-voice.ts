import { randomUUID } from 'node:crypto';
import type { Did } from '../../src/did/did.ts';
import { resolveDid } from '../../src/did/resolve.ts';
import { signFromPrior } from '../../src/didcomm/from-prior.ts';
import { nativeEngine } from '../../src/didcomm/native-engine.ts';
import { packAuthcrypt } from '../../src/didcomm/pack.ts';
import type { Message } from '../../src/didcomm/plaintext.ts';
import { openEnvelope, type Opened } from '../../src/didcomm/trust-gate.ts';
import { documentOf } from '../../src/testing/peer-did.ts';
import { jointSecrets, newPeer, type Peer } from '../../src/testing/peer.ts';
import type { Quirks } from './mediator-quirks.ts';

export const REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';

export interface Reply {
  readonly type: string;
  readonly body: unknown;
  readonly attachments?: readonly object[];
  /** Of a report. */
  readonly report?: true;
}

/** As whom one client knows it. */
export interface Face {
  me: Peer;
  /** No reply has proved that yet. */
  unproved: boolean;
}

/** In whose name a mediator peer speaks, and how. */
export interface MediatorVoice {
  readonly me: Peer;
  /** One more DID that it is asked by. */
  newMe(): Promise<Peer>;
  open(packed: string): Promise<Opened>;
  /** @param face of the sender's account, if it has one */
  sealTo(sender: Did, face: Face | undefined, reply: Reply, asked: Message): Promise<string>;
  /** To nobody in particular. @param pthid id of the message that it is about */
  signedReport(
    code: string,
    pthid: string,
    comment: string,
    args?: readonly string[],
  ): Promise<string>;
}

/** @param wsUrl in its first DID only */
export async function mediatorVoice(
  quirks: Quirks,
  url: string,
  wsUrl: string | undefined,
): Promise<MediatorVoice> {
  const peers: Peer[] = [];
  const speakAs = async (...uris: readonly string[]): Promise<Peer> => {
    const peer = await newPeer(uris.map((uri) => ({ uri, accept: ['didcomm/v2'] })));
    peers.push(peer);
    return peer;
  };
  const me = await speakAs(url, ...(wsUrl === undefined ? [] : [wsUrl]));
  return {
    me,
    newMe: () => speakAs(url),
    open: (packed) =>
      openEnvelope(packed, {
        engine: nativeEngine,
        secrets: jointSecrets(...peers),
        resolve: resolveDid,
        now: Date.now(),
        asMediator: true,
      }),
    sealTo: async (sender, face, { type, body, attachments, report }, { id }) => {
      const from = face?.me ?? me;
      const ownId = `${quirks.idPrefix ?? ''}${randomUUID()}`;
      const prior = face?.unproved === true ? await priorOf(me, from) : {};
      if (face) face.unproved = false;
      const named = quirks.bare === 'nameless' ? {} : { from: from.did, to: [sender] };
      const threads = {
        nameless: {},
        'no-thid': {},
        'own-thid': { thid: ownId },
        usual: report ? { pthid: id } : { thid: id },
      }[quirks.bare ?? 'usual'];
      return seal(from, sender, {
        id: ownId,
        type,
        ...named,
        ...threads,
        ...prior,
        body,
        ...(attachments ? { attachments } : {}),
      });
    },
    signedReport: (code, pthid, comment, args = []) => {
      const plaintext = {
        id: randomUUID(),
        type: REPORT,
        from: me.did,
        pthid,
        body: { code, comment, args },
      };
      return nativeEngine.sign(new TextEncoder().encode(JSON.stringify(plaintext)), me.signing);
    },
  };
}

const priorOf = async (before: Peer, after: Peer) => ({
  from_prior: await signFromPrior({
    iss: before.did,
    sub: after.did,
    iatSeconds: Math.floor(Date.now() / 1000),
    signer: before.signing,
  }),
});

export async function seal(
  from: Peer,
  to: Did,
  plaintext: Record<string, unknown>,
): Promise<string> {
  const packed = await packAuthcrypt(nativeEngine, {
    plaintext,
    sender: from.agreement,
    recipient: await documentOf(to),
  });
  if (packed.kind !== 'ok') throw new Error(packed.kind);
  return packed.packed;
}

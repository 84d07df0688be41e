import { agreementCurve } from '../crypto/agreement.ts';
import { generateAgreementKeys, generateSigningKeys } from '../crypto/keys.ts';
import { encodeKey } from '../crypto/multicodec.ts';
import type { Did, DidDocument, KeyCurve } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { readDidWeb } from '../did/web.ts';
import type { OwnKey } from '../didcomm/engine.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { packAuthcrypt } from '../didcomm/pack.ts';
import { openEnvelope, type Inbound } from '../didcomm/trust-gate.ts';
import { newMessageId } from '../lib/ids.ts';
import type { HttpTransport } from '../transport/http.ts';
import { plaintext } from './foreign.ts';
import type { Json } from './forge.ts';
import { base64Url, documentOf } from './peer-did.ts';

// Somebody with a server: reached at a URL of its own, known by a did:web or by any key agreement curve.

const HOST = 'agent.example.org';
export const WEB_DID: Did = `did:web:${HOST}`;
const ENDPOINT = `https://${HOST}/didcomm`;
const DOCUMENT = `https://${HOST}/.well-known/did.json`;

export interface WebAgent {
  readonly did: Did;
  readonly agreement: OwnKey;
  readonly signing: OwnKey;
  /** What its host publishes; undefined: it does not answer. */
  json: string | undefined;
  /** Times that the document was asked for. */
  asked: number;
  /** All that was posted to it, opened. */
  readonly heard: Inbound[];
  /** An invitation of its own; `more` adds members. */
  invitation(more?: Json): string;
  /** An honest envelope. */
  letter(to: Did, type: string, body: Json, more?: Json): Promise<string>;
  /** The network with this agent on it. */
  around(http: HttpTransport): HttpTransport;
}

export async function webAgent(
  method: 'web' | 'peer' = 'web',
  curve: KeyCurve = 'X25519',
): Promise<WebAgent> {
  const points = curve === 'X25519' ? undefined : await agreementCurve(curve);
  const agreed = await (points ? points.ephemeral() : generateAgreementKeys());
  const signed = await generateSigningKeys();
  const agreementKey = encodeKey(curve, agreed.publicBytes);
  const signingKey = encodeKey('Ed25519', signed.publicBytes);
  const service = { uri: ENDPOINT, a: ['didcomm/v2'] };
  const did: Did =
    method === 'web'
      ? WEB_DID
      : `did:peer:2.E${agreementKey}.V${signingKey}.S${base64Url({ t: 'dm', s: service })}`;
  const json = JSON.stringify({
    id: WEB_DID,
    verificationMethod: [
      { id: '#key-1', type: 'Multikey', publicKeyMultibase: agreementKey },
      { id: '#key-2', type: 'Multikey', publicKeyMultibase: signingKey },
    ],
    keyAgreement: ['#key-1'],
    authentication: ['#key-2'],
    service: [
      {
        id: '#didcomm',
        type: 'DIDCommMessaging',
        serviceEndpoint: { uri: ENDPOINT, accept: ['didcomm/v2'] },
      },
    ],
  });
  const own = async (): Promise<DidDocument> => {
    if (method === 'peer') return documentOf(did);
    const read = readDidWeb(did, json);
    if (read.kind !== 'ok') throw new Error(read.kind);
    return read.document;
  };
  const ownKids = new Set([`${did}#key-1`]);
  const agent: WebAgent = {
    did,
    agreement: { kid: `${did}#key-1`, privateKey: agreed.privateKey },
    signing: { kid: `${did}#key-2`, privateKey: signed.privateKey },
    json,
    asked: 0,
    heard: [],
    invitation: (more = {}) =>
      JSON.stringify({
        type: 'https://didcomm.org/out-of-band/2.0/invitation',
        id: newMessageId(),
        from: did,
        body: { label: 'Agent', accept: ['didcomm/v2'] },
        ...more,
      }),
    letter: async (to, type, body, more = {}) => {
      const { document, ...rest } = { document: await documentOf(to), ...more };
      const packed = await packAuthcrypt(nativeEngine, {
        plaintext: plaintext({ did }, to, type, body, rest),
        sender: agent.agreement,
        recipient: document,
      });
      if (packed.kind !== 'ok') throw new Error(packed.kind);
      return packed.packed;
    },
    around: (http) => ({
      ...http,
      getText: async (path) => {
        if (path !== DOCUMENT) return http.getText(path);
        agent.asked += 1;
        return agent.json;
      },
      post: async (url, packed, max) => {
        if (url !== ENDPOINT) return http.post(url, packed, max);
        const opened = await openEnvelope(packed, {
          engine: nativeEngine,
          secrets: {
            agreementKey: async (kid) => (ownKids.has(kid) ? agreed.privateKey : undefined),
          },
          resolve: async (one) =>
            one === did ? { kind: 'ok', document: await own() } : resolveDid(one),
          now: Date.now(),
        });
        if (opened.kind !== 'ok')
          throw new Error(opened.kind === 'quarantine' ? opened.reason : opened.kind);
        agent.heard.push(opened.inbound);
        return { kind: 'answered', status: 202, body: '', retryAfterMs: undefined };
      },
    }),
  };
  return agent;
}

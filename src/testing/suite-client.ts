import { Message, type DIDDoc, type IMessage, type Secret } from 'didcomm-node';
import type { PublicKey } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { toBase64Url } from '../lib/base64url.ts';
import type { Peer } from './peer.ts';

// A client of any mediator that shares no envelope code with it: didcomm-node 0.4.1 packs and opens.
// It sends what the conformance suite of input-output-hk/didcomm-v2-mediator-test-suite @ d5aac24 sends.

export interface SuiteClient {
  readonly peer: Peer;
  /** authcrypt to a DID. */
  pack(to: string, type: string, body: object, headers?: object): Promise<string>;
  /** anoncrypt of a text to a DID, then of a forward to the mediator. */
  letter(to: string, text: string): Promise<string>;
  forward(innerJwe: string, next: string, mediatorDid: string): Promise<string>;
  open(packed: string): Promise<IMessage>;
}

const ANON = 'A256cbcHs512EcdhEsA256kw';

export function suiteClient(peer: Peer): SuiteClient {
  const secrets = secretsOf(peer);
  const encrypt = async (plaintext: object, to: string, from: string | null): Promise<string> => {
    const message = new Message({
      id: crypto.randomUUID(),
      typ: 'application/didcomm-plain+json',
      ...plaintext,
    } as IMessage);
    try {
      const options = { forward: false, enc_alg_anon: ANON } as const;
      const [packed] = await message.pack_encrypted(to, from, null, dids, secrets, options);
      return packed;
    } finally {
      message.free();
    }
  };
  return {
    peer,
    pack: (to, type, body, headers = {}) =>
      encrypt({ type, from: peer.did, to: [to], body, ...headers }, to, peer.did),
    letter: (to, content) =>
      encrypt(
        {
          type: 'https://didcomm.org/basicmessage/2.0/message',
          from: peer.did,
          to: [to],
          body: { content },
        },
        to,
        peer.did,
      ),
    forward: (innerJwe, next, mediatorDid) =>
      encrypt(
        {
          type: 'https://didcomm.org/routing/2.0/forward',
          to: [mediatorDid],
          body: { next },
          attachments: [
            { id: crypto.randomUUID(), data: { json: JSON.parse(innerJwe) as unknown } },
          ],
        },
        mediatorDid,
        null,
      ),
    open: async (packed) => {
      const [message] = await Message.unpack(packed, dids, secrets, {});
      try {
        return message.as_value();
      } finally {
        message.free();
      }
    },
  };
}

/** The one document shape that the library takes: JWKs and absolute ids. */
const dids = {
  resolve: async (did: string): Promise<DIDDoc | null> => {
    const resolved = await resolveDid(did);
    if (resolved.kind !== 'ok') return null;
    const { keyAgreement, authentication } = resolved.document;
    return {
      id: did,
      keyAgreement: keyAgreement.map(({ kid }) => kid),
      authentication: authentication.map(({ kid }) => kid),
      verificationMethod: [...keyAgreement, ...authentication].map(methodOf),
      service: [],
    };
  },
};

const methodOf = ({ kid, curve, publicBytes }: PublicKey) => ({
  id: kid,
  type: 'JsonWebKey2020',
  controller: kid.slice(0, kid.indexOf('#')),
  publicKeyJwk: { kty: 'OKP', crv: curve, x: toBase64Url(publicBytes) },
});

function secretsOf({ agreement, signing }: Peer) {
  const all = new Map<string, Secret>(
    [agreement, signing].map(({ kid, jwk: { kty, crv, x, d } }) => [
      kid,
      { id: kid, type: 'JsonWebKey2020', privateKeyJwk: { kty, crv, x, d } },
    ]),
  );
  return {
    get_secret: async (kid: string) => all.get(kid) ?? null,
    find_secrets: async (kids: string[]) => kids.filter((kid) => all.has(kid)),
  };
}

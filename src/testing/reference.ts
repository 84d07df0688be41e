import {
  Message,
  type DIDDoc,
  type IMessage,
  type Secret,
  type UnpackMetadata,
} from 'didcomm-node';
import type { ContentEncryption } from '../didcomm/engine.ts';
import type { Peer } from './peer.ts';

// didcomm-rust, the reference implementation, compiled for Node (didcomm-node 0.4.1).

type Json = Readonly<Record<string, unknown>>;

export interface Reference {
  encrypt(plaintext: Json, order: EncryptOrder): Promise<string>;
  sign(plaintext: Json, by: Peer): Promise<string>;
  /** Rejects with the library's error when it refuses. */
  unpack(packed: string): Promise<{ plaintext: IMessage; metadata: UnpackMetadata }>;
}

interface EncryptOrder {
  readonly to: Peer;
  readonly from?: Peer;
  readonly signBy?: Peer;
  readonly enc?: ContentEncryption;
  /** anoncrypt around the authcrypt */
  readonly protectSender?: boolean;
}

const ANON_ALGORITHMS = {
  'A256CBC-HS512': 'A256cbcHs512EcdhEsA256kw',
  A256GCM: 'A256gcmEcdhEsA256kw',
  XC20P: 'Xc20pEcdhEsA256kw',
} as const;

/** The library with the documents and secrets of these peers, in the one document shape that it takes. */
export function reference(...peers: readonly Peer[]): Reference {
  const dids = { resolve: async (did: string) => documents.get(did) ?? null };
  const documents = new Map<string, DIDDoc>(peers.map((peer) => [peer.did, libraryDocument(peer)]));
  const secretById = new Map<string, Secret>(
    peers.flatMap(librarySecrets).map((secret) => [secret.id, secret]),
  );
  const secrets = {
    get_secret: async (kid: string) => secretById.get(kid) ?? null,
    find_secrets: async (kids: string[]) => kids.filter((kid) => secretById.has(kid)),
  };
  return {
    encrypt: async (plaintext, { to, from, signBy, enc = 'A256CBC-HS512', protectSender }) => {
      const message = new Message(plaintext as unknown as IMessage);
      const options = {
        forward: false,
        enc_alg_anon: ANON_ALGORITHMS[enc],
        protect_sender: protectSender ?? false,
      };
      try {
        const sender = from?.did ?? null;
        const signer = signBy?.did ?? null;
        return (await message.pack_encrypted(to.did, sender, signer, dids, secrets, options))[0];
      } finally {
        message.free();
      }
    },
    sign: async (plaintext, by) => {
      const message = new Message(plaintext as unknown as IMessage);
      try {
        return (await message.pack_signed(by.did, dids, secrets))[0];
      } finally {
        message.free();
      }
    },
    unpack: async (packed) => {
      const [message, metadata] = await Message.unpack(packed, dids, secrets, {});
      try {
        return { plaintext: message.as_value(), metadata };
      } finally {
        message.free();
      }
    },
  };
}

const libraryDocument = ({ did, agreement, signing }: Peer) => ({
  id: did,
  keyAgreement: [agreement.kid],
  authentication: [signing.kid],
  verificationMethod: [agreement, signing].map(({ kid, jwk }) => ({
    id: kid,
    type: 'JsonWebKey2020',
    controller: did,
    publicKeyJwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x },
  })),
  service: [],
});

const librarySecrets = ({ agreement, signing }: Peer) =>
  [agreement, signing].map(({ kid, jwk }) => ({
    id: kid,
    type: 'JsonWebKey2020' as const,
    privateKeyJwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, d: jwk.d },
  }));

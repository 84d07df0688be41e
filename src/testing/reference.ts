import {
  FromPrior,
  Message,
  type DIDDoc,
  type IMessage,
  type Secret,
  type UnpackMetadata,
} from 'didcomm-node';
import type { ContentEncryption } from '../didcomm/engine.ts';
import type { KeyId } from '../did/did.ts';

// didcomm-rust, the reference implementation, compiled for Node (didcomm-node 0.4.1).

type Json = Readonly<Record<string, unknown>>;

/** Somebody with the keys in the form that the library takes. */
interface Known {
  readonly did: string;
  readonly agreement: JwkKey | readonly JwkKey[];
  readonly signing: JwkKey | readonly JwkKey[];
}
interface JwkKey {
  readonly kid: KeyId;
  readonly jwk: JsonWebKey;
}
/** A DID, whose first key serves, or one of its keys. */
type Who = { readonly did: string } | { readonly kid: KeyId };

export interface Reference {
  encrypt(plaintext: Json, order: EncryptOrder): Promise<string>;
  sign(plaintext: Json, by: Who): Promise<string>;
  /** The JWT of a move from `iss` to `sub`. */
  fromPrior(claims: { iss: string; sub: string; iat: number }, by: KeyId): Promise<string>;
  /** Rejects with the library's error when it refuses. */
  unpack(packed: string): Promise<{ plaintext: IMessage; metadata: UnpackMetadata }>;
}

interface EncryptOrder {
  readonly to: { readonly did: string };
  readonly from?: { readonly did: string };
  readonly signBy?: Who;
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
export function reference(...peers: readonly Known[]): Reference {
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
        const signer = signBy ? nameOf(signBy) : null;
        return (await message.pack_encrypted(to.did, sender, signer, dids, secrets, options))[0];
      } finally {
        message.free();
      }
    },
    sign: async (plaintext, by) => {
      const message = new Message(plaintext as unknown as IMessage);
      try {
        return (await message.pack_signed(nameOf(by), dids, secrets))[0];
      } finally {
        message.free();
      }
    },
    fromPrior: async (claims, by) => {
      const prior = new FromPrior(claims);
      try {
        return (await prior.pack(by, dids, secrets))[0];
      } finally {
        prior.free();
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

const nameOf = (who: Who): string => ('kid' in who ? who.kid : who.did);
const listOf = (keys: JwkKey | readonly JwkKey[]): readonly JwkKey[] =>
  'kid' in keys ? [keys] : keys;
const kidsOf = (keys: Known['agreement']) => listOf(keys).map(({ kid }) => kid);
const keysOf = ({ agreement, signing }: Known) => [...listOf(agreement), ...listOf(signing)];

const libraryDocument = (known: Known) => ({
  id: known.did,
  keyAgreement: kidsOf(known.agreement),
  authentication: kidsOf(known.signing),
  verificationMethod: keysOf(known).map(({ kid, jwk: { d: _, ...jwk } }) => ({
    id: kid,
    type: 'JsonWebKey2020',
    controller: known.did,
    publicKeyJwk: partsOf(jwk),
  })),
  service: [],
});

const librarySecrets = (known: Known) =>
  keysOf(known).map(({ kid, jwk }) => ({
    id: kid,
    type: 'JsonWebKey2020' as const,
    privateKeyJwk: partsOf(jwk),
  }));

const partsOf = ({ kty, crv, x, y, d }: JsonWebKey) => ({
  kty,
  crv,
  x,
  ...(y && { y }),
  ...(d && { d }),
});

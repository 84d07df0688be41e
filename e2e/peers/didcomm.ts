import { randomUUID } from 'node:crypto';
import {
  FromPrior,
  Message,
  type DIDDoc,
  type IMessage,
  type Secret,
  type UnpackMetadata,
} from 'didcomm-node';
import { documentOf, type OwnDid } from './peer2.ts';
import { documentOfPeer4 } from './peer4.ts';

// Packing and unpacking by didcomm-node alone: nothing of the product's engine.

/** A ring of keys for the library. */
export interface Keyring {
  add(own: OwnDid): void;
  /** @param from null for an anonymous envelope, XC20P as the library makes it */
  pack(message: Draft, from: string | null, to: string, forward: boolean): Promise<Packed>;
  unpack(packed: string): Promise<{ message: IMessage; metadata: UnpackMetadata }>;
  /** The JWT that says that `prior` is `next` from now on. */
  rotation(prior: string, next: string): Promise<string>;
}

export type Draft = Readonly<Record<string, unknown>> & { readonly type: string };

export interface Packed {
  readonly id: string;
  readonly envelope: string;
  /** Where the library says to post it; undefined when it made no forward. */
  readonly endpoint: string | undefined;
}

/** @param ownDocument of DIDs whose documents this wallet writes in a way of its own */
export function keyring(ownDocument: (did: string) => DIDDoc | null = () => null): Keyring {
  const dids = {
    resolve: async (did: string) => ownDocument(did) ?? documentOf(did) ?? documentOfPeer4(did),
  };
  const held = new Map<string, Secret>();
  const secrets = {
    get_secret: async (id: string) => held.get(id) ?? null,
    find_secrets: async (ids: string[]) => ids.filter((id) => held.has(id)),
  };
  return {
    add: (own) => own.secrets.forEach((secret) => held.set(secret.id, secret)),
    pack: async (draft, from, to, forward) => {
      const id = randomUUID();
      const message = new Message({
        id,
        typ: 'application/didcomm-plain+json',
        created_time: nowSeconds(),
        body: {},
        ...draft,
        ...(from === null ? {} : { from }),
        to: [to],
      });
      try {
        const [envelope, metadata] = await message.pack_encrypted(to, from, null, dids, secrets, {
          forward,
        });
        return { id, envelope, endpoint: metadata.messaging_service?.service_endpoint };
      } finally {
        message.free();
      }
    },
    unpack: async (packed) => {
      const [message, metadata] = await Message.unpack(packed, dids, secrets, {});
      try {
        return { message: message.as_value(), metadata };
      } finally {
        message.free();
      }
    },
    rotation: async (prior, next) => {
      const claim = new FromPrior({ iss: prior, sub: next, iat: nowSeconds() });
      try {
        return (await claim.pack(null, dids, secrets))[0];
      } finally {
        claim.free();
      }
    },
  };
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

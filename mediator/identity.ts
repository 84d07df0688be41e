import { encodeKey } from '../src/crypto/multicodec.ts';
import { didOf, isDid, type Did, type KeyId, type PublicKey } from '../src/did/did.ts';
import { findOwnKey } from '../src/did/key-alias.ts';
import { createPeer2 } from '../src/did/peer2-create.ts';
import { resolvePeer2 } from '../src/did/peer2.ts';
import type { OwnKey, Secrets } from '../src/didcomm/engine.ts';
import type { MediatorKeys } from './keys.ts';

/** Who the mediator is: two keys, and every DID that holds both of them. */
export interface Identity {
  /** The DID of the invitation: services for HTTP and WebSocket, in this order (rule I60). */
  readonly did: Did;
  /** What accounts are granted: HTTP only, short, because it is a part of every invitation they make. */
  readonly routingDid: Did;
  readonly secrets: Secrets;
  /** Also true for DIDs that were made from these keys for another address of this mediator. */
  isOwn(did: string): boolean;
  /** The DID to answer from, when the envelope was made for this one; a bare did:key has no own name. */
  answering(recipientDid: Did): Did;
  agreementKey(did: Did): OwnKey;
  signingKey(did: Did): OwnKey;
}

export interface Endpoints {
  readonly http: string;
  readonly ws: string;
}

interface OwnPublicKeys {
  readonly agreement: PublicKey;
  readonly signing: PublicKey;
}

export function createIdentity(keys: MediatorKeys, endpoints: Endpoints): Identity {
  const { agreement, signing } = keys;
  const common = { agreement: agreement.publicBytes, signing: signing.publicBytes };
  // Some readers want the member `routingKeys`; what is granted must be short.
  const did = createPeer2({
    ...common,
    services: [
      { uri: endpoints.http, routingKeys: [] },
      { uri: endpoints.ws, routingKeys: [] },
    ],
  });
  const routingDid = createPeer2({ ...common, services: [{ uri: endpoints.http }] });

  const agreementMultibase = encodeKey('X25519', agreement.publicBytes);
  const signingMultibase = encodeKey('Ed25519', signing.publicBytes);
  const readKeys = (text: string): OwnPublicKeys | undefined => {
    // Ours are did:peer:2, always.
    if (!isDid(text) || !text.startsWith('did:peer:2')) return undefined;
    const resolved = resolvePeer2(text);
    if (resolved.kind !== 'ok') return undefined;
    const { keyAgreement, authentication } = resolved.document;
    const agreementKey = keyAgreement.find((key) => key.multibase === agreementMultibase);
    const signingKey = authentication.find((key) => key.multibase === signingMultibase);
    return agreementKey && signingKey && { agreement: agreementKey, signing: signingKey };
  };
  const current = new Map([did, routingDid].map((own) => [own as string, readKeys(own)]));
  const ownKeysOf = (text: string): OwnPublicKeys | undefined =>
    current.get(text) ?? readKeys(text);
  const kidOf = (own: Did, use: 'agreement' | 'signing'): KeyId => {
    const key = ownKeysOf(own)?.[use];
    if (!key) throw new Error('asked for the key of a DID that is not the mediator’s');
    return key.kid;
  };

  return {
    did,
    routingDid,
    secrets: {
      agreementKey: async (kid) => {
        const key = ownKeysOf(didOf(kid) ?? '')?.agreement ?? ownKeysOf(did)?.agreement;
        return key && findOwnKey([key], kid) ? agreement.privateKey : undefined;
      },
    },
    isOwn: (text) => ownKeysOf(text) !== undefined,
    answering: (recipientDid) => (ownKeysOf(recipientDid) ? recipientDid : did),
    agreementKey: (own) => ({ kid: kidOf(own, 'agreement'), privateKey: agreement.privateKey }),
    signingKey: (own) => ({ kid: kidOf(own, 'signing'), privateKey: signing.privateKey }),
  };
}

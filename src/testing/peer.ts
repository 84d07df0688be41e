import {
  exportPkcs8,
  generateAgreementKeys,
  generateSigningKeys,
  importAgreementPrivate,
  importSigningPrivate,
} from '../crypto/keys.ts';
import type { Did, DidDocument, KeyId } from '../did/did.ts';
import { findOwnKey } from '../did/key-alias.ts';
import { createPeer2, type NewService } from '../did/peer2-create.ts';
import { resolveDid } from '../did/resolve.ts';
import type { OwnKey, Secrets } from '../didcomm/engine.ts';
import type { Bytes } from '../lib/bytes.ts';

interface PeerKey extends OwnKey {
  readonly publicBytes: Bytes;
  /** With its private part, for libraries that take no CryptoKey. */
  readonly jwk: JsonWebKey;
}

/** Somebody with a fresh did:peer:2: `#key-1` X25519, `#key-2` Ed25519. */
export interface Peer {
  readonly did: Did;
  readonly document: DidDocument;
  readonly agreement: PeerKey;
  readonly signing: PeerKey;
  readonly secrets: Secrets;
}

export async function newPeer(services: readonly NewService[] = []): Promise<Peer> {
  const [agreementPair, signingPair] = await Promise.all([
    generateAgreementKeys(),
    generateSigningKeys(),
  ]);
  const did = createPeer2({
    agreement: agreementPair.publicBytes,
    signing: signingPair.publicBytes,
    services,
  });
  const keyOf = async (
    kid: KeyId,
    pair: typeof agreementPair,
    importPrivate: (pkcs8: Bytes) => Promise<CryptoKey>,
  ): Promise<PeerKey> => ({
    kid,
    publicBytes: pair.publicBytes,
    jwk: await crypto.subtle.exportKey('jwk', pair.privateKey),
    privateKey: await importPrivate(await exportPkcs8(pair.privateKey)),
  });
  const agreement = await keyOf(`${did}#key-1`, agreementPair, importAgreementPrivate);
  const signing = await keyOf(`${did}#key-2`, signingPair, importSigningPrivate);
  const resolution = await resolveDid(did);
  if (resolution.kind !== 'ok') throw new Error('a fresh DID must resolve');
  const { document } = resolution;
  return {
    did,
    document,
    agreement,
    signing,
    secrets: {
      agreementKey: async (kid) =>
        findOwnKey(document.keyAgreement, kid) ? agreement.privateKey : undefined,
    },
  };
}

/** The secrets of several DIDs of one wallet. */
export const jointSecrets = (...peers: readonly Peer[]): Secrets => ({
  agreementKey: async (kid) => {
    const keys = await Promise.all(peers.map((peer) => peer.secrets.agreementKey(kid)));
    return keys.find((key) => key !== undefined);
  },
});

import { encodeKey } from '../src/crypto/multicodec.ts';
import { didOf, isDid, type Did, type PublicKey } from '../src/did/did.ts';
import { findOwnKey } from '../src/did/key-alias.ts';
import { createPeer2 } from '../src/did/peer2-create.ts';
import { resolvePeer2 } from '../src/did/peer2.ts';
import type { OwnKey, Secrets } from '../src/didcomm/engine.ts';
import type { KeySet, MediatorKeys } from './keys.ts';
import { webDidOf, webDocument } from './web-did.ts';

/** Who the mediator is: two keys, those it had before, and every DID that holds two of one time. */
export interface Identity {
  /** The DID of the invitation: services for HTTP and WebSocket, in this order (rule I60). */
  readonly did: Did;
  /** What accounts are granted: HTTP only, short, because it is a part of every invitation they make. */
  readonly routingDid: Did;
  /** The same mediator by its name; where the public URL has one. */
  readonly web: { readonly did: Did; readonly document: object } | undefined;
  readonly secrets: Secrets;
  /**
   * Also true for DIDs that were made from these keys for another address of this mediator, or from former keys, and
   * for its agreement keys as did:key.
   */
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

/** @param publicUrl with or without a slash at the end */
export function endpointsAt(publicUrl: string): Endpoints {
  const http = publicUrl.replace(/\/+$/, '');
  return { http, ws: `${http.replace(/^http/, 'ws')}/ws` };
}

/** A pair of keys under the names that one DID gives them. */
interface Held {
  readonly keys: KeySet;
  readonly agreement: PublicKey;
  readonly signing: PublicKey;
}

export function createIdentity(keys: MediatorKeys, endpoints: Endpoints): Identity {
  const common = { agreement: keys.agreement.publicBytes, signing: keys.signing.publicBytes };
  // Some readers want the member `routingKeys`; what is granted must be short.
  const did = createPeer2({
    ...common,
    services: [
      { uri: endpoints.http, routingKeys: [] },
      { uri: endpoints.ws, routingKeys: [] },
    ],
  });
  const routingDid = createPeer2({ ...common, services: [{ uri: endpoints.http }] });
  const webDid = webDidOf(endpoints.http);

  const sets = [keys, ...(keys.former ?? [])];
  // In a did:web a key is named by itself, so that a former one keeps its name.
  const byValue = (own: Did): readonly Held[] => sets.map((set) => heldAs(own, set));
  const names = sets.map(agreementName);
  const keyDids = new Set(names.map((name) => `did:key:${name}`));
  const current = new Map([did, routingDid].map((own) => [own as string, readPeer2(own, sets)]));
  const heldBy = (text: string): readonly Held[] => {
    if (webDid !== undefined && text === webDid) return byValue(webDid);
    const held = current.get(text) ?? readPeer2(text, sets);
    return held ? [held] : [];
  };
  const mustHold = (own: Did): Held => {
    const [held] = heldBy(own);
    if (!held) throw new Error('asked for the key of a DID that is not the mediator’s');
    return held;
  };

  return {
    did,
    routingDid,
    web: webDid && {
      did: webDid,
      document: webDocument(heldAs(webDid, keys), endpoints),
    },
    secrets: {
      agreementKey: async (kid) => {
        const named = heldBy(didOf(kid) ?? '');
        // A did:key names the key and no DID.
        const all = named.length > 0 ? named : byValue(did);
        const key = findOwnKey(
          all.map(({ agreement }) => agreement),
          kid,
        );
        return all.find(({ agreement }) => agreement === key)?.keys.agreement.privateKey;
      },
    },
    isOwn: (text) =>
      text === webDid ||
      // Every forward comes by here: whatever else is ours has one of our keys in it.
      (names.some((name) => text.includes(name)) && (keyDids.has(text) || heldBy(text).length > 0)),
    answering: (recipientDid) => (heldBy(recipientDid).length > 0 ? recipientDid : did),
    agreementKey: (own) => {
      const held = mustHold(own);
      return { kid: held.agreement.kid, privateKey: held.keys.agreement.privateKey };
    },
    signingKey: (own) => {
      const held = mustHold(own);
      return { kid: held.signing.kid, privateKey: held.keys.signing.privateKey };
    },
  };
}

/** The pair that a did:peer:2 was made from; ours are of this kind, always. */
function readPeer2(text: string, sets: readonly KeySet[]): Held | undefined {
  if (!isDid(text) || !text.startsWith('did:peer:2')) return undefined;
  const resolved = resolvePeer2(text);
  if (resolved.kind !== 'ok') return undefined;
  const { keyAgreement, authentication } = resolved.document;
  for (const keys of sets) {
    const agreement = keyAgreement.find((key) => key.multibase === agreementName(keys));
    const signing = authentication.find((key) => key.multibase === signingName(keys));
    if (agreement && signing) return { keys, agreement, signing };
  }
  return undefined;
}

function heldAs(did: Did, keys: KeySet): Held {
  const named = (
    curve: PublicKey['curve'],
    multibase: string,
    publicBytes: Uint8Array<ArrayBuffer>,
  ) => ({ kid: `${did}#${multibase}`, curve, publicBytes, multibase }) as const;
  return {
    keys,
    agreement: named('X25519', agreementName(keys), keys.agreement.publicBytes),
    signing: named('Ed25519', signingName(keys), keys.signing.publicBytes),
  };
}

const agreementName = ({ agreement }: KeySet): string => encodeKey('X25519', agreement.publicBytes);
const signingName = ({ signing }: KeySet): string => encodeKey('Ed25519', signing.publicBytes);

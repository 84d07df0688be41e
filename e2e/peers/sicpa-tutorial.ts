import { randomUUID } from 'node:crypto';
import type { DIDDoc, IMessage, Secret } from 'didcomm-node';
import { keyring, type Draft } from './didcomm.ts';
import { documentOf, newKey, type OwnDid } from './peer2.ts';

// A person of the tutorial "startConnection" of the DIDComm book (didcomm.org, book v2), which is written with
// SICPA's Python libraries; here on didcomm-node. A test peer.
// - DIDs: agreement key first; one service with an id, its endpoint a string (the DIDs printed in the tutorial)
// - key ids `<did>#6LS…` and `<did>#6Mk…`: sicpa-dlab/peer-did-python before 0.5, which the tutorial used
// - two profiles in `accept`, JSON without white space, a URL whose host is the sender's endpoint

export interface TutorialPerson {
  /** The newest of its DIDs. */
  readonly did: string;
  /** Where its mail is posted to. */
  readonly endpoint: string;
  invite(): { readonly id: string; readonly link: string };
  /** Moves: from now on it writes from a fresh DID, with the proof. */
  rotate(): Promise<void>;
  /** For somebody behind a mediator. @returns what to post, and where */
  write(draft: Draft, to: string): Promise<{ readonly url: string; readonly packed: string }>;
  read(packed: string): Promise<IMessage>;
  /** Private keys of its newest DID, for what the library cannot do: agreement, then signing. */
  readonly jwks: readonly JsonWebKey[];
}

interface TutorialDid extends OwnDid {
  readonly jwks: readonly JsonWebKey[];
}

export function tutorialPerson(name: 'alice' | 'bob'): TutorialPerson {
  const endpoint = `https://www.example.com/${name}`;
  const keys = keyring(oldDocument);
  let own = newTutorialDid(endpoint);
  keys.add(own);
  let fromPrior: string | undefined;
  return {
    endpoint,
    get did() {
      return own.did;
    },
    get jwks() {
      return own.jwks;
    },
    invite: () => {
      const id = randomUUID();
      const invitation = {
        type: 'https://didcomm.org/out-of-band/2.0/invitation',
        id,
        from: own.did,
        body: {
          goal_code: 'connect',
          goal: 'Establish connection',
          accept: ['didcomm/v2', 'didcomm/aip2;env=rfc587'],
        },
      };
      const encoded = Buffer.from(JSON.stringify(invitation)).toString('base64url');
      return { id, link: `${endpoint}?_oob=${encoded}` };
    },
    rotate: async () => {
      const next = newTutorialDid(endpoint);
      keys.add(next);
      fromPrior = await keys.rotation(own.did, next.did);
      own = next;
    },
    write: async (draft, to) => {
      const proof = fromPrior === undefined ? {} : { from_prior: fromPrior };
      const { envelope, endpoint: mediator } = await keys.pack(
        { ...proof, ...draft },
        own.did,
        to,
        true,
      );
      return { url: urlOf(mediator ?? ''), packed: envelope };
    },
    read: async (packed) => (await keys.unpack(packed)).message,
  };
}

/** A mediator's own address: the library names either that or its DID. */
function urlOf(mediator: string): string {
  if (!mediator.startsWith('did:')) return mediator;
  const service = documentOf(mediator)?.service[0]?.serviceEndpoint as { uri: string } | undefined;
  return service?.uri ?? '';
}

function newTutorialDid(endpoint: string): TutorialDid {
  const pairs = [newKey('x25519'), newKey('ed25519')];
  const [agreement = '', signing = ''] = pairs.map(({ multibase }) => multibase);
  const service = { id: 'new-id', t: 'dm', s: endpoint, a: ['didcomm/v2'] };
  const encoded = Buffer.from(JSON.stringify(service)).toString('base64url');
  const did = `did:peer:2.E${agreement}.V${signing}.S${encoded}`;
  // Readers of the clarified specification address it by `#key-N`; it never writes so itself.
  const secrets = pairs.flatMap(({ multibase, jwk }, i) =>
    [`${did}#${multibase.slice(1)}`, `${did}#key-${i + 1}`].map((id): Secret => ({
      id,
      type: 'JsonWebKey2020',
      privateKeyJwk: jwk,
    })),
  );
  return { did, secrets, jwks: pairs.map(({ jwk }) => jwk) };
}

/** The document of such a DID as the tutorial prints it: a key's id is the key. */
function oldDocument(did: string): DIDDoc | null {
  const [, agreement, signing, service] = /^(?:[^.]*)\.Ez(\w+)\.Vz(\w+)\.S([^.]+)$/.exec(did) ?? [];
  if (agreement === undefined || signing === undefined || service === undefined) return null;
  const { s } = JSON.parse(Buffer.from(service, 'base64url').toString()) as { s: unknown };
  const withoutService = documentOf(did.slice(0, did.indexOf('.S')));
  if (typeof s !== 'string' || !withoutService) return null;
  const ids = [agreement, signing].map((key) => `${did}#${key}`);
  return {
    id: did,
    keyAgreement: ids.slice(0, 1),
    authentication: ids.slice(1),
    verificationMethod: withoutService.verificationMethod.map((method, i) => ({
      ...method,
      id: ids[i] ?? '',
      controller: did,
    })),
    service: [],
  };
}

import type { Did, DidCommService, DidDocument, PublicKey } from '../../did/did.ts';
import { findKey } from '../../did/key-alias.ts';
import { peer3Of } from '../../did/peer3.ts';
import { resolvePeer4 } from '../../did/peer4.ts';
import { resolveDid } from '../../did/resolve.ts';
import { toBase64Url } from '../../lib/base64url.ts';
import { documentOf, peer4Around } from '../peer-did.ts';
import vectors from '../vectors/peer-did.json' with { type: 'json' };
import { same, type VectorCheck } from './check.ts';

// did:peer, of its specification, of the SICPA tutorial and library, and of Identus.

interface PrintedDocument {
  readonly id: string;
  readonly verificationMethod?: readonly {
    readonly id: string;
    readonly publicKeyMultibase?: string;
  }[];
  readonly keyAgreement?: readonly string[];
  readonly authentication?: readonly string[];
  readonly service?: readonly PrintedService[];
}
interface PrintedService {
  readonly type: string;
  readonly serviceEndpoint: unknown;
  readonly accept?: readonly string[];
  readonly routingKeys?: readonly string[];
}

const RELATIONSHIPS = ['keyAgreement', 'authentication'] as const;

/** A printed relationship as [absolute id, key], read straight from the vector. */
const printedKeys = (doc: PrintedDocument, relationship: (typeof RELATIONSHIPS)[number]) =>
  (doc[relationship] ?? []).map((id) => [
    `${doc.id}${id}`,
    doc.verificationMethod?.find((method) => method.id === id)?.publicKeyMultibase,
  ]);
const keysOf = (keys: readonly PublicKey[]) => keys.map((key) => [key.kid, key.multibase]);

function printedServices(services: readonly PrintedService[] = []): DidCommService[] {
  const ours = services.filter(({ type }) => type === 'DIDCommMessaging');
  return ours.map((service) => {
    const endpoint =
      typeof service.serviceEndpoint === 'string'
        ? { ...service, uri: service.serviceEndpoint }
        : (service.serviceEndpoint as PrintedService & { readonly uri: string });
    const { uri, accept, routingKeys = [] } = endpoint;
    return { uri, routingKeys, ...(accept && { accept }) };
  });
}

function sameAsPrinted(document: DidDocument, printed: PrintedDocument, what: string): void {
  same(document.did, printed.id, what);
  for (const relationship of RELATIONSHIPS)
    same(keysOf(document[relationship]), printedKeys(printed, relationship), what);
  same(document.services, printedServices(printed.service), what);
}

/** Every numalgo of the specification. */
async function specification(): Promise<number> {
  const { numalgo0, numalgo2SpecExample, numalgo3, numalgo4 } = vectors;
  const multibase = numalgo0.didKey.slice('did:key:'.length);
  const zero = await documentOf(numalgo0.did);
  same(keysOf(zero.authentication), [[`${numalgo0.did}#${multibase}`, multibase]], 'numalgo 0');
  same(
    zero.authentication.map(({ publicBytes }) => toBase64Url(publicBytes)),
    [numalgo0.key.x],
    'numalgo 0',
  );
  same([zero.keyAgreement, zero.services], [[], []], 'numalgo 0');

  const { did, document } = numalgo2SpecExample;
  sameAsPrinted(await documentOf(did), document, 'numalgo 2');

  for (const { from, did: hash } of numalgo3) same(await peer3Of(from as Did), hash, 'numalgo 3');

  const { inputDocument, long, short, longDocument, shortDocument } = numalgo4;
  same(peer4Around(inputDocument), long, 'numalgo 4');
  const opened = await documentOf(long);
  sameAsPrinted(opened, longDocument, 'numalgo 4, long');
  same(opened.alsoKnownAs, [short], 'numalgo 4, long');
  same(await resolveDid(short), { kind: 'unsupported' }, 'numalgo 4, short');
  const known = await resolvePeer4(short as Did, long as Did);
  if (known.kind !== 'ok') throw new Error(known.kind);
  sameAsPrinted(known.document, shortDocument, 'numalgo 4, short');
  same(known.document.alsoKnownAs, [long], 'numalgo 4, short');
  return 1 + 1 + numalgo3.length + 3;
}

/** As the specification has its DIDs today, and by the key ids of the old libraries. */
async function tutorial(): Promise<number> {
  for (const vector of vectors.sicpaTutorial) {
    const { name, did, docSpecClarified, docOldFlavour_sicpa_peerdid_0_x: old } = vector;
    const document = await documentOf(did);
    sameAsPrinted(document, docSpecClarified, name);
    const keys = [...document.keyAgreement, ...document.authentication];
    same(
      keys.map(({ publicBytes }) => toBase64Url(publicBytes)),
      vector.keys.map(({ x }) => x),
      name,
    );
    for (const relationship of RELATIONSHIPS)
      for (const [i, { id }] of old[relationship].entries())
        same(findKey(document[relationship], id), document[relationship][i], name);
    same(document.services, printedServices(old.service), name);
  }
  return vectors.sicpaTutorial.length;
}

const python = vectors.sicpaPeerDidPython;
const PYTHON: readonly (readonly [string, PrintedDocument])[] = [
  [python.PEER_DID_NUMALGO_0, python.DID_DOC_NUMALGO_O_BASE58],
  [python.PEER_DID_NUMALGO_0, python.DID_DOC_NUMALGO_O_MULTIBASE],
  [python.PEER_DID_NUMALGO_0, python.DID_DOC_NUMALGO_O_JWK],
  [python.PEER_DID_NUMALGO_2, python.DID_DOC_NUMALGO_2_BASE58],
  [python.PEER_DID_NUMALGO_2, python.DID_DOC_NUMALGO_2_MULTIBASE],
  [python.PEER_DID_NUMALGO_2, python.DID_DOC_NUMALGO_2_JWK],
  [python.PEER_DID_NUMALGO_2_2_SERVICES, python.DID_DOC_NUMALGO_2_MULTIBASE_2_SERVICES],
  [python.PEER_DID_NUMALGO_2_NO_SERVICES, python.DID_DOC_NUMALGO_2_MULTIBASE_NO_SERVICES],
  [python.PEER_DID_NUMALGO_2_MINIMAL_SERVICES, python.DID_DOC_NUMALGO_2_MULTIBASE_MINIMAL_SERVICES],
];

/** Its ids are the first 8 characters of the key: each finds the key it stands for, relative and absolute. */
async function peerDidPython(): Promise<number> {
  for (const [did, printed] of PYTHON) {
    const document = await documentOf(did);
    same(document.services, printedServices(printed.service), did);
    // The same keys through the other door: the printed document, wrapped as a did:peer:4.
    const { id: _, ...rootless } = printed;
    const wrapped = await documentOf(peer4Around(rootless));
    same(wrapped.services, document.services, did);
    for (const relationship of RELATIONSHIPS) {
      const keys = document[relationship];
      const ids = printed[relationship] ?? [];
      same(
        ids.map((id) => findKey(keys, id)),
        keys,
        did,
      );
      same(
        ids.map((id) => findKey(keys, `${did}${id}`)),
        keys,
        did,
      );
      const bytesOf = ({ curve, multibase }: PublicKey) => [curve, multibase];
      same(wrapped[relationship].map(bytesOf), keys.map(bytesOf), did);
    }
  }
  return 2 * PYTHON.length;
}

async function malformed(): Promise<number> {
  for (const { test, did } of vectors.malformedMustBeRejected)
    same(await resolveDid(did), { kind: 'malformed' }, test);
  return vectors.malformedMustBeRejected.length;
}

/** Endpoints in order, an empty list of routing keys taken. */
async function identus(): Promise<number> {
  const [mediator, agent] = await Promise.all(vectors.identus.map(({ did }) => documentOf(did)));
  const service = (uri: string) => ({ uri, routingKeys: [], accept: ['didcomm/v2'] });
  same(
    mediator?.services,
    [
      service('https://sandbox-mediator.atalaprism.io'),
      service('wss://sandbox-mediator.atalaprism.io/ws'),
    ],
    'mediator',
  );
  same(agent?.services, [service('http://host.docker.internal:8080/didcomm')], 'agent');
  same(
    agent?.keyAgreement.map(({ curve }) => curve),
    ['X25519'],
    'agent',
  );
  return vectors.identus.length;
}

export const didChecks: readonly VectorCheck[] = [
  { name: 'did:peer, numalgo 0, 2, 3 and 4', count: 7, run: specification },
  { name: 'DIDs of the SICPA tutorial', count: 3, run: tutorial },
  { name: 'DIDs of peer-did-python', count: 18, run: peerDidPython },
  { name: 'malformed DIDs', count: 20, run: malformed },
  { name: 'DIDs of Identus', count: 2, run: identus },
];

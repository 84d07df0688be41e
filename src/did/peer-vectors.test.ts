import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../lib/base64url.ts';
import { documentOf, peer4Around } from '../testing/peer-did.ts';
import vectors from '../testing/vectors/peer-did.json' with { type: 'json' };
import type { Did, DidCommService, DidDocument, PublicKey } from './did.ts';
import { findKey } from './key-alias.ts';
import { resolvePeer4 } from './peer4.ts';
import { resolveDid } from './resolve.ts';

interface PrintedDocument {
  id: string;
  verificationMethod?: { id: string; publicKeyMultibase?: string; publicKeyJwk?: object }[];
  keyAgreement?: string[];
  authentication?: string[];
  service?: { type: string; serviceEndpoint: unknown; accept?: string[]; routingKeys?: string[] }[];
}

/** A printed relationship as [absolute id, key], read straight from the vector. */
const printedKeys = (doc: PrintedDocument, relationship: 'keyAgreement' | 'authentication') =>
  (doc[relationship] ?? []).map((id) => [
    `${doc.id}${id}`,
    doc.verificationMethod?.find((method) => method.id === id)?.publicKeyMultibase,
  ]);

const resolvedKeys = (keys: readonly PublicKey[]) => keys.map((key) => [key.kid, key.multibase]);

const printedServices = (doc: Pick<PrintedDocument, 'service'>): DidCommService[] =>
  (doc.service ?? [])
    .filter((service) => service.type === 'DIDCommMessaging')
    .map((service) => {
      const endpoint =
        typeof service.serviceEndpoint === 'string'
          ? { ...service, uri: service.serviceEndpoint }
          : (service.serviceEndpoint as { uri: string; accept?: string[]; routingKeys?: string[] });
      return {
        uri: endpoint.uri,
        routingKeys: endpoint.routingKeys ?? [],
        ...(endpoint.accept && { accept: endpoint.accept }),
      };
    });

function expectAsPrinted(document: DidDocument, printed: PrintedDocument): void {
  expect(document.did).toBe(printed.id);
  expect(resolvedKeys(document.keyAgreement)).toEqual(printedKeys(printed, 'keyAgreement'));
  expect(resolvedKeys(document.authentication)).toEqual(printedKeys(printed, 'authentication'));
  expect(document.services).toEqual(printedServices(printed));
}

describe('vectors of the did:peer specification', () => {
  it('numalgo 0', async () => {
    const { did, didKey, key } = vectors.numalgo0;
    const multibase = didKey.slice('did:key:'.length);
    const { authentication, keyAgreement, services } = await documentOf(did);
    expect(resolvedKeys(authentication)).toEqual([[`${did}#${multibase}`, multibase]]);
    expect(authentication.map(({ curve }) => curve)).toEqual(['Ed25519']);
    expect(toBase64Url(authentication[0]!.publicBytes)).toBe(key.x);
    expect(keyAgreement).toEqual([]);
    expect(services).toEqual([]);
  });

  it('numalgo 2: the printed document, field by field', async () => {
    const { did, document } = vectors.numalgo2SpecExample;
    const resolved = await documentOf(did);
    expectAsPrinted(resolved, document);
    expect(resolved.authentication[0]?.kid).toBe(`${did}#key-1`);
    expect(resolved.keyAgreement[0]?.kid).toBe(`${did}#key-2`);
    expect(resolved.services).toHaveLength(2);
  });

  it('numalgo 4: long form', async () => {
    const { inputDocument, long, short, longDocument } = vectors.numalgo4;
    expect(peer4Around(inputDocument)).toBe(long);
    const resolved = await documentOf(long);
    expectAsPrinted(resolved, longDocument);
    expect(resolved.alsoKnownAs).toEqual([short]);
  });

  it('numalgo 4: short form, by a long form that was kept', async () => {
    const { long, short, shortDocument } = vectors.numalgo4;
    expect(await resolveDid(short)).toEqual({ kind: 'unsupported' });
    const resolution = await resolvePeer4(short as Did, long as Did);
    if (resolution.kind !== 'ok') throw new Error(resolution.kind);
    expectAsPrinted(resolution.document, shortDocument);
    expect(resolution.document.alsoKnownAs).toEqual([long]);
  });
});

describe('the DIDs of the SICPA tutorial', () => {
  const tutorial = vectors.sicpaTutorial;
  it('are three', async () => expect(tutorial).toHaveLength(3));

  it.each(tutorial)(
    '$name, as the specification has it today',
    async ({ did, docSpecClarified }) => {
      expectAsPrinted(await documentOf(did), docSpecClarified);
    },
  );

  it.each(tutorial)('$name, the bytes of its keys', async ({ did, keys }) => {
    const { keyAgreement, authentication } = await documentOf(did);
    const bytes = [...keyAgreement, ...authentication].map((key) => toBase64Url(key.publicBytes));
    expect(bytes).toEqual(keys.map((key) => key.x));
  });

  it.each(tutorial)('$name, by the key ids of the old libraries', async (vector) => {
    const printed = vector.docOldFlavour_sicpa_peerdid_0_x;
    const { keyAgreement, authentication, services } = await documentOf(vector.did);
    expect(findKey(keyAgreement, printed.keyAgreement[0]!.id)?.kid).toBe(`${vector.did}#key-1`);
    expect(findKey(authentication, printed.authentication[0]!.id)?.kid).toBe(`${vector.did}#key-2`);
    expect(services).toEqual(printedServices(printed));
  });
});

describe('vectors of peer-did-python', () => {
  const python = vectors.sicpaPeerDidPython;
  const pairs: readonly (readonly [string, string, PrintedDocument])[] = [
    ['numalgo 0, base58', python.PEER_DID_NUMALGO_0, python.DID_DOC_NUMALGO_O_BASE58],
    ['numalgo 0, multibase', python.PEER_DID_NUMALGO_0, python.DID_DOC_NUMALGO_O_MULTIBASE],
    ['numalgo 0, JWK', python.PEER_DID_NUMALGO_0, python.DID_DOC_NUMALGO_O_JWK],
    ['numalgo 2, base58', python.PEER_DID_NUMALGO_2, python.DID_DOC_NUMALGO_2_BASE58],
    ['numalgo 2, multibase', python.PEER_DID_NUMALGO_2, python.DID_DOC_NUMALGO_2_MULTIBASE],
    ['numalgo 2, JWK', python.PEER_DID_NUMALGO_2, python.DID_DOC_NUMALGO_2_JWK],
    [
      'a list of services in one element, one of them foreign',
      python.PEER_DID_NUMALGO_2_2_SERVICES,
      python.DID_DOC_NUMALGO_2_MULTIBASE_2_SERVICES,
    ],
    [
      'no services',
      python.PEER_DID_NUMALGO_2_NO_SERVICES,
      python.DID_DOC_NUMALGO_2_MULTIBASE_NO_SERVICES,
    ],
    [
      'a service of endpoint only',
      python.PEER_DID_NUMALGO_2_MINIMAL_SERVICES,
      python.DID_DOC_NUMALGO_2_MULTIBASE_MINIMAL_SERVICES,
    ],
  ];

  it.each(pairs)('%s', async (_name, did, printed) => {
    const document = await documentOf(did);
    expect(document.services).toEqual(printedServices(printed));
    for (const relationship of ['keyAgreement', 'authentication'] as const) {
      const keys = document[relationship];
      // Its ids are the first 8 characters of the key: each finds the key it stands for, relative and absolute.
      const ids = printed[relationship] ?? [];
      expect(ids.map((id) => findKey(keys, id))).toEqual([...keys]);
      expect(ids.map((id) => findKey(keys, `${did}${id}`))).toEqual([...keys]);
    }
  });

  /** The same keys through the other door: the printed documents, wrapped as did:peer:4. */
  it.each(pairs)('%s, as a document', async (_name, did, printed) => {
    const { id: _id, ...rootless } = printed;
    const document = await documentOf(peer4Around(rootless));
    const bytesOf = (keys: readonly PublicKey[]) => keys.map((key) => [key.curve, key.multibase]);
    const expected = await documentOf(did);
    expect(bytesOf(document.keyAgreement)).toEqual(bytesOf(expected.keyAgreement));
    expect(bytesOf(document.authentication)).toEqual(bytesOf(expected.authentication));
    expect(document.services).toEqual(expected.services);
  });

  const malformed = vectors.malformedMustBeRejected;
  it('has 20 malformed DIDs', async () => expect(malformed).toHaveLength(20));
  it.each(malformed)('refuses $test', async ({ did }) => {
    expect(await resolveDid(did)).toEqual({ kind: 'malformed' });
  });
});

describe('DIDs of Identus', () => {
  it('resolve, endpoints in order, an empty list of routing keys taken', async () => {
    expect(vectors.identus).toHaveLength(2);
    const [mediator, agent] = await Promise.all(vectors.identus.map(({ did }) => documentOf(did)));
    const accept = ['didcomm/v2'];
    expect(mediator?.services).toEqual([
      { uri: 'https://sandbox-mediator.atalaprism.io', routingKeys: [], accept },
      { uri: 'wss://sandbox-mediator.atalaprism.io/ws', routingKeys: [], accept },
    ]);
    expect(agent?.services).toEqual([
      { uri: 'http://host.docker.internal:8080/didcomm', routingKeys: [], accept },
    ]);
    expect(agent?.keyAgreement.map(({ curve }) => curve)).toEqual(['X25519']);
  });
});

import { createHash } from 'node:crypto';
import { base58 } from '@scure/base';
import type { DIDDoc, Secret } from 'didcomm-node';
import { newKey, type OwnDid } from './peer2.ts';

// did:peer:4 as other wallets write it, apart from the product's own code.

const CURVE = { Ed25519VerificationKey2020: 'Ed25519', X25519KeyAgreementKey2020: 'X25519' };
/** Multicodec `json`, as a varint. */
const JSON_CODE = [0x80, 0x04];
/** Multihash of SHA-256: its code and its length. */
const SHA256_CODE = [0x12, 0x20];

export interface OwnPeer4 extends OwnDid {
  /** `did:peer:4<hash>`, without the document. */
  readonly short: string;
}

interface InputDocument {
  readonly verificationMethod: readonly {
    readonly id: string;
    readonly type: keyof typeof CURVE;
    readonly publicKeyMultibase: string;
  }[];
  readonly authentication: readonly string[];
  readonly keyAgreement: readonly string[];
  readonly service?: readonly {
    readonly id: string;
    readonly serviceEndpoint: { readonly uri: string };
  }[];
}

/** A fresh DID, in its long form; its mail goes to `uri`. */
export function newPeer4(uri: string): OwnPeer4 {
  const signing = newKey('ed25519');
  const agreement = newKey('x25519');
  const document = {
    '@context': ['https://www.w3.org/ns/did/v1'],
    verificationMethod: [
      method('#key-1', 'Ed25519VerificationKey2020', signing.multibase),
      method('#key-2', 'X25519KeyAgreementKey2020', agreement.multibase),
    ],
    authentication: ['#key-1'],
    keyAgreement: ['#key-2'],
    service: [
      {
        id: '#service',
        type: 'DIDCommMessaging',
        serviceEndpoint: { uri, accept: ['didcomm/v2'], routingKeys: [] },
      },
    ],
  };
  const encoded = multibase([...JSON_CODE, ...Buffer.from(JSON.stringify(document))]);
  const hash = createHash('sha256').update(encoded).digest();
  const short = `did:peer:4${multibase([...SHA256_CODE, ...hash])}`;
  const did = `${short}:${encoded}`;
  const secrets = [signing, agreement].map(({ jwk }, i): Secret => ({
    id: `${did}#key-${i + 1}`,
    type: 'JsonWebKey2020',
    privateKeyJwk: jwk,
  }));
  return { did, short, secrets };
}

const method = (id: string, type: keyof typeof CURVE, publicKeyMultibase: string) => ({
  id,
  type,
  publicKeyMultibase,
});

const multibase = (bytes: readonly number[]): string => `z${base58.encode(Uint8Array.from(bytes))}`;

/** The document of a long did:peer:4, in the one shape that didcomm-node takes. */
export function documentOfPeer4(did: string): DIDDoc | null {
  const [, encoded] = /^did:peer:4z[^:]+:z(.+)$/.exec(did) ?? [];
  if (encoded === undefined) return null;
  const json = Buffer.from(base58.decode(encoded).subarray(JSON_CODE.length)).toString();
  const document = JSON.parse(json) as InputDocument;
  const absolute = (id: string): string => did + id;
  return {
    id: did,
    authentication: document.authentication.map(absolute),
    keyAgreement: document.keyAgreement.map(absolute),
    verificationMethod: document.verificationMethod.map(({ id, type, publicKeyMultibase }) => ({
      id: absolute(id),
      type: 'JsonWebKey2020',
      controller: did,
      publicKeyJwk: {
        kty: 'OKP',
        crv: CURVE[type],
        // 'z' for base58, then two bytes that name the kind of key.
        x: Buffer.from(base58.decode(publicKeyMultibase.slice(1)).subarray(2)).toString(
          'base64url',
        ),
      },
    })),
    service: (document.service ?? []).map(({ id, serviceEndpoint }) => ({
      id: absolute(id),
      type: 'DIDCommMessaging',
      serviceEndpoint: { accept: ['didcomm/v2'], routingKeys: [], ...serviceEndpoint },
    })),
  };
}

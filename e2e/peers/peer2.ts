import { generateKeyPairSync } from 'node:crypto';
import { base58 } from '@scure/base';
import type { DIDDoc, Secret } from 'didcomm-node';

// did:peer:2 as another wallet would write it, apart from the product's own code: signing key first.

const PREFIX = { x25519: [0xec, 0x01], ed25519: [0xed, 0x01] } as const;
const CURVE = { E: 'X25519', V: 'Ed25519' } as const;

export interface OwnDid {
  readonly did: string;
  readonly secrets: readonly Secret[];
}

/**
 * A fresh DID; its mail goes to `uri`.
 * @param order of the keys: V for signing, E for agreement
 */
export function newDid(uri?: string, order: readonly ('V' | 'E')[] = ['V', 'E']): OwnDid {
  const keys = order.map((purpose) => ({
    purpose,
    ...newKey(purpose === 'V' ? 'ed25519' : 'x25519'),
  }));
  const service = { t: 'dm', s: { uri, r: [], a: ['didcomm/v2'] } };
  const tail = uri === undefined ? '' : `.S${base64Url(JSON.stringify(service))}`;
  const did = `did:peer:2${keys.map((key) => `.${key.purpose}${key.multibase}`).join('')}${tail}`;
  const secrets = keys.map(({ jwk }, i) => ({
    id: `${did}#key-${i + 1}`,
    type: 'JsonWebKey2020' as const,
    privateKeyJwk: jwk,
  }));
  return { did, secrets };
}

export function newKey(kind: keyof typeof PREFIX): { multibase: string; jwk: JsonWebKey } {
  // The overloads of Node's types name each kind apart.
  const { privateKey } =
    kind === 'x25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('ed25519');
  const jwk = privateKey.export({ format: 'jwk' });
  const bytes = [...PREFIX[kind], ...Buffer.from(jwk.x ?? '', 'base64url')];
  return { multibase: `z${base58.encode(Uint8Array.from(bytes))}`, jwk };
}

/** The document of a did:peer:2, in the one shape that didcomm-node takes. */
export function documentOf(did: string): DIDDoc | null {
  const [method, ...elements] = did.split('.');
  if (method !== 'did:peer:2') return null;
  const keys = elements.filter((element) => element.startsWith('E') || element.startsWith('V'));
  const idsOf = (purpose: 'E' | 'V') =>
    keys.flatMap((key, i) => (key.startsWith(purpose) ? [`${did}#key-${i + 1}`] : []));
  return {
    id: did,
    keyAgreement: idsOf('E'),
    authentication: idsOf('V'),
    verificationMethod: keys.map((key, i) => ({
      id: `${did}#key-${i + 1}`,
      type: 'JsonWebKey2020',
      controller: did,
      publicKeyJwk: {
        kty: 'OKP',
        crv: CURVE[key.slice(0, 1) as 'E' | 'V'],
        // 'z' for base58, then two bytes that name the kind of key.
        x: base64Url(base58.decode(key.slice(2)).subarray(2)),
      },
    })),
    service: elements
      .filter((element) => element.startsWith('S'))
      .map((element, i) => serviceOf(`${did}#service${i === 0 ? '' : `-${i}`}`, element.slice(1))),
  };
}

function serviceOf(id: string, encoded: string): DIDDoc['service'][number] {
  const { s } = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as {
    s: { uri: string; a?: string[]; r?: string[] };
  };
  const { uri, a = ['didcomm/v2'], r = [] } = s;
  // The library's types call it routing_keys; its code reads routingKeys.
  const serviceEndpoint = { uri, accept: a, routingKeys: r };
  return { id, type: 'DIDCommMessaging', serviceEndpoint };
}

const base64Url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url');

import { describe, expect, it } from 'vitest';
import { ed25519, x25519 } from '../testing/peer-did.ts';
import type { Did } from './did.ts';
import { findKey } from './key-alias.ts';
import { resolveDid } from './resolve.ts';
import { didWebUrl, readDidWeb } from './web.ts';

describe('didWebUrl', () => {
  // The examples of "did:web Method Specification", sections 3.2 and 2
  it.each([
    ['did:web:w3c-ccg.github.io', 'https://w3c-ccg.github.io/.well-known/did.json'],
    ['did:web:w3c-ccg.github.io:user:alice', 'https://w3c-ccg.github.io/user/alice/did.json'],
    ['did:web:example.com%3A3000:user:alice', 'https://example.com:3000/user/alice/did.json'],
    ['did:web:Example.COM%3a8443', 'https://example.com:8443/.well-known/did.json'],
    ['did:web:localhost%3A8080', 'https://localhost:8080/.well-known/did.json'],
    ['did:web:1password.com', 'https://1password.com/.well-known/did.json'],
  ])('%s', (did, url) => expect(didWebUrl(did as Did)).toBe(url));

  it.each([
    'did:web:',
    'did:web:a.example:',
    'did:web:a.example::b',
    'did:web:a.example:..:b',
    'did:web:a.example:.',
    'did:web:a.example%2Fb',
    'did:web:a.example%3A',
    'did:web:a.example%3A65536',
    'did:web:a.example%3A80%3A80',
    'did:web:a.example%40b.example',
    'did:web:a.example:%2e%2e',
    'did:web:-a.example',
    'did:web:a..example',
    'did:web:a_b.example',
    'did:web:127.0.0.1',
    'did:web:127.0.0.1%3A80:a',
    'did:web:2130706433',
    `did:web:${'a'.repeat(64)}.example`,
    'did:key:z6Mk',
  ])('%s is nowhere', (did) => expect(didWebUrl(did as Did)).toBeUndefined());

  it('takes no time over a long name', () =>
    expect(didWebUrl(`did:web:${'a-'.repeat(2000)}%` as Did)).toBeUndefined());
});

describe('readDidWeb', () => {
  const did: Did = 'did:web:alice.example';
  const x = 'avH0O2Y4tqLAq8y9zpianr8ajii5m4F_mICrzNlatXs'; // RFC 8037 appendix A.2 has such an x
  const document = {
    '@context': 'https://www.w3.org/ns/did/v1',
    id: did,
    verificationMethod: [
      { id: `${did}#jwk`, type: 'JsonWebKey2020', publicKeyJwk: { kty: 'OKP', crv: 'X25519', x } },
      { id: '#multi', type: 'Multikey', publicKeyMultibase: ed25519(2) },
    ],
    keyAgreement: [`${did}#jwk`],
    authentication: [`${did}#multi`],
    service: [
      { id: '#web', type: 'LinkedDomains', serviceEndpoint: 'https://alice.example' },
      { id: '#dm', type: 'DIDCommMessaging', serviceEndpoint: [{ uri: 'https://m.example' }] },
    ],
  };
  const read = (change: object = {}) => readDidWeb(did, JSON.stringify({ ...document, ...change }));
  const keys = (resolution: ReturnType<typeof read>) =>
    resolution.kind === 'ok' ? resolution.document.keyAgreement : [];

  it('takes keys as JWK and Multikey, ids relative and absolute, services of DIDComm', () => {
    const resolution = read();
    if (resolution.kind !== 'ok') throw new Error(resolution.kind);
    const { keyAgreement, authentication, services, alsoKnownAs } = resolution.document;
    expect(keyAgreement).toMatchObject([{ kid: `${did}#jwk`, curve: 'X25519' }]);
    expect(authentication).toMatchObject([{ kid: `${did}#multi`, multibase: ed25519(2) }]);
    expect(findKey(authentication, `${did}#multi`)).toBe(authentication[0]);
    expect(services).toEqual([{ uri: 'https://m.example', routingKeys: [] }]);
    expect(alsoKnownAs).toEqual([]);
  });

  it('lends no key to another DID, and believes none that is private', () => {
    const method = (id: string) => ({ id, type: 'Multikey', publicKeyMultibase: x25519(1) });
    expect(keys(read({ keyAgreement: [method('did:web:bob.example#a')] }))).toEqual([]);
    expect(keys(read({ keyAgreement: [method('#a')] }))).toHaveLength(1);
    const publicKeyJwk = { kty: 'OKP', crv: 'X25519', x, d: x };
    expect(
      keys(read({ keyAgreement: [{ id: '#d', type: 'JsonWebKey2020', publicKeyJwk }] })),
    ).toEqual([]);
  });

  it.each([
    ['of another DID', JSON.stringify({ ...document, id: 'did:web:bob.example' })],
    ['without id', JSON.stringify({ ...document, id: undefined })],
    ['with a broken member', JSON.stringify({ ...document, service: {} })],
    ['that is a list', '[]'],
    ['that is no JSON', '<!doctype html>'],
    ['that is too long', JSON.stringify({ ...document, more: 'x'.repeat(64 * 1024) })],
    [
      'that is too deep',
      JSON.stringify(document).replace(/}$/, `,"m":${'['.repeat(20)}${']'.repeat(20)}}`),
    ],
  ])('refuses a document %s', (_name, text) =>
    expect(readDidWeb(did, text)).toEqual({ kind: 'malformed' }),
  );

  it('reads for did:web only, which nothing else resolves', async () => {
    const other: Did = 'did:example:a';
    expect(readDidWeb(other, JSON.stringify({ id: other }))).toEqual({ kind: 'malformed' });
    expect(await resolveDid(did)).toEqual({ kind: 'unsupported' });
  });
});

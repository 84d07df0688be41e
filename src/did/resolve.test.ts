import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf, ed25519, peer2With, x25519 } from '../testing/peer-did.ts';
import vectors from '../testing/vectors/peer-did.json' with { type: 'json' };
import { resolveDid } from './resolve.ts';

describe('resolveDid', () => {
  it.each([
    'did:web:example.com',
    'did:example:alice',
    'did:peer:1zQmZMygzYqNwU6Uhmewx5Xepf2VLp5S4HLSwwgf2aiKZuwa',
    'did:peer:3zQmd6RdU6e2nDrLn1rjwdA5Buzq7wJwsv3WJ1AgrwKYJoLE',
    'did:peer:5x',
    vectors.numalgo4.short,
  ])('cannot resolve %s by itself', async (did) => {
    expect(await resolveDid(did)).toEqual({ kind: 'unsupported' });
  });

  it.each([
    '',
    'did:',
    'did:peer',
    'DID:peer:2',
    'did:key:',
    'did:key:zzz',
    'did:peer:',
    'not a did',
  ])('calls %j malformed', async (did) =>
    expect(await resolveDid(did)).toEqual({ kind: 'malformed' }),
  );

  it('gives a did:key every purpose of its curve', async () => {
    const agreement = await documentOf(`did:key:${x25519(1)}`);
    expect(agreement.keyAgreement[0]).toMatchObject({
      kid: `did:key:${x25519(1)}#${x25519(1)}`,
      curve: 'X25519',
    });
    expect(agreement.authentication).toEqual([]);
    const signing = await documentOf(`did:key:${ed25519(1)}`);
    expect(signing.authentication[0]?.curve).toBe('Ed25519');
    expect(signing.keyAgreement).toEqual([]);
    const both = await documentOf('did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169');
    expect(both.keyAgreement).toEqual(both.authentication);
    expect(both.keyAgreement).toHaveLength(1);
  });

  it('keeps 512 documents by their full DID, and drops the one unused for longest', async () => {
    const first = peer2With({ t: 'dm', s: 'https://first.example' });
    const document = await documentOf(first);
    const others = Array.from({ length: 511 }, (_, i) => peer2With({ t: 'dm', s: `https://${i}` }));
    const [second] = await Promise.all(others.map(documentOf));
    expect(await documentOf(first)).toBe(document);

    await documentOf(peer2With({ t: 'dm', s: 'https://one-more.example' }));
    expect(await documentOf(first)).toBe(document);
    expect(await documentOf(others[0]!)).not.toBe(second);
    expect(await documentOf(others[0]!)).toEqual(second);
  });

  it('is case-sensitive', async () => {
    const did = peer2With();
    await documentOf(did);
    expect(await resolveDid(did.replace('.E', '.e'))).toEqual({ kind: 'malformed' });
    expect(await resolveDid(did.replace(x25519(1), x25519(1).toLowerCase()))).toEqual({
      kind: 'malformed',
    });
  });

  it('never throws on arbitrary texts (property)', async () => {
    const head = fc.constantFrom(
      '',
      'did:peer:0',
      'did:peer:2',
      'did:peer:2.Ez6LS',
      'did:peer:4zQm',
      'did:key:z6Mk',
    );
    await fc.assert(
      fc.asyncProperty(head, fc.string({ unit: 'binary' }), async (start, rest) => {
        expect(['ok', 'malformed', 'unsupported']).toContain((await resolveDid(start + rest)).kind);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws on arbitrary JSON as a service (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom('dm', 'x', null), async (s, t) => {
        for (const service of [s, { t, s }, { t, s: { uri: s, r: s, a: s } }, [{ t, s }]])
          expect(['ok', 'malformed']).toContain((await resolveDid(peer2With(service))).kind);
      }),
      { numRuns: 500 },
    );
  });

  it('never resolves a DID with one character changed to the same keys (property)', async () => {
    const dids = [vectors.numalgo0.did, peer2With(), vectors.numalgo4.long];
    const keysOf = async (did: string) => {
      const resolution = await resolveDid(did);
      if (resolution.kind !== 'ok') return [];
      const { keyAgreement, authentication } = resolution.document;
      return [...keyAgreement, ...authentication].map(({ multibase }) => multibase);
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...dids),
        fc.nat(),
        fc.constantFrom(...'zQ1mS0.:Aé'.split('')),
        async (did, at, to) => {
          const i = at % did.length;
          fc.pre(did[i] !== to);
          const altered = await keysOf(did.slice(0, i) + to + did.slice(i + 1));
          expect(altered).not.toEqual(await keysOf(did));
        },
      ),
      { numRuns: 500 },
    );
  });
});

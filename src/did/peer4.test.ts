import { describe, expect, it } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { documentOf, ed25519, peer4Around, peer4OfBytes, x25519 } from '../testing/peer-did.ts';
import vectors from '../testing/vectors/peer-did.json' with { type: 'json' };
import type { Did } from './did.ts';
import { resolvePeer4, shortPeer4 } from './peer4.ts';
import { resolveDid } from './resolve.ts';

const long = vectors.numalgo4.long as Did;
const short = vectors.numalgo4.short as Did;
const agreement = { id: '#a', type: 'Multikey', publicKeyMultibase: x25519(1) };
const signing = { id: '#s', type: 'Multikey', publicKeyMultibase: ed25519(2) };

describe('the hash of a did:peer:4', () => {
  it('is checked on every long form (rule R39)', async () => {
    const [head, encoded] = long.slice('did:'.length).split(':z') as [string, string];
    const flipped = encoded.replace('2M1k', '2M1m');
    const tampered = [
      `did:${head}:z${flipped}`,
      `${long}1`,
      long.slice(0, -1),
      long.replace('zQmd8', 'zQmd9'),
      peer4Around({ keyAgreement: [agreement] }).replace(/4zQm[^:]+/, `4${short.slice(10)}`),
    ];
    for (const did of tampered) {
      expect(did).not.toBe(long);
      expect(await resolveDid(did), did.slice(0, 80)).toEqual({ kind: 'malformed' });
    }
  });

  it('ties a short form to its own long form only', async () => {
    const other = peer4Around({ keyAgreement: [agreement] });
    expect(await resolvePeer4(short, other)).toEqual({ kind: 'malformed' });
    expect(await resolvePeer4(short, short)).toEqual({ kind: 'malformed' });
    expect(await resolvePeer4(short, `${long}1`)).toEqual({ kind: 'malformed' });
    expect(await resolvePeer4(short)).toEqual({ kind: 'unsupported' });
  });

  it('gives the short form of both forms', async () => {
    expect(shortPeer4(long)).toBe(short);
    expect(shortPeer4(short)).toBe(short);
    expect(shortPeer4('did:peer:2.Ez6LS')).toBeUndefined();
  });
});

describe('malformed did:peer:4', () => {
  it.each<[string, string]>([
    ['root id', peer4Around({ id: 'did:example:victim', keyAgreement: [agreement] })],
    ['a list', peer4Around([])],
    ['not JSON', peer4OfBytes(new Uint8Array([0x80, 0x04, ...utf8('{"a":')]))],
    ['not UTF-8', peer4OfBytes(new Uint8Array([0x80, 0x04, 0xff, 0xfe, 0xfd]))],
    ['another codec', peer4OfBytes(new Uint8Array([0x81, 0x04, ...utf8('{}')]))],
    [
      'deep',
      peer4OfBytes(
        new Uint8Array([0x80, 0x04, ...utf8(`{"a":${'['.repeat(40)}${']'.repeat(40)}}`)]),
      ),
    ],
    ['methods no list', peer4Around({ verificationMethod: {} })],
    ['relationship no list', peer4Around({ authentication: '#s' })],
    ['services no list', peer4Around({ service: {} })],
    ['a broken service', peer4Around({ service: [{ type: 'DIDCommMessaging' }] })],
    [
      'one id for two keys',
      peer4Around({ verificationMethod: [agreement, { ...signing, id: '#a' }] }),
    ],
    ['another hash', `did:peer:4zQM${short.slice(13)}`],
    ['an empty document', `${short}:z`],
  ])('refuses %s', async (_name, did) =>
    expect(await resolveDid(did)).toEqual({ kind: 'malformed' }),
  );
});

describe('documents of did:peer:4', () => {
  const ids = (keys: readonly { kid: string }[]) => keys.map(({ kid }) => kid.split('#')[1]);

  it('read keys listed, embedded, and in any order', async () => {
    const did = peer4Around({
      verificationMethod: [signing],
      keyAgreement: [agreement],
      authentication: [{ ...signing, id: '#t', publicKeyMultibase: ed25519(3) }, '#s', '#s'],
    });
    const { keyAgreement, authentication } = await documentOf(did);
    expect(keyAgreement[0]?.kid).toBe(`${did}#a`);
    expect(ids(authentication)).toEqual(['t', 's']);
  });

  it('lend no key to another DID', async () => {
    const { keyAgreement } = await documentOf(
      peer4Around({
        verificationMethod: [
          { ...agreement, id: `${short}#a` },
          { ...agreement, id: 'a' },
          { ...agreement, id: 7 },
        ],
        keyAgreement: [`${short}#a`, 'a', 7, '#nobody'],
      }),
    );
    expect(keyAgreement).toEqual([]);
  });

  it('leave out keys that their relationship or suite cannot use', async () => {
    const { keyAgreement, authentication } = await documentOf(
      peer4Around({
        verificationMethod: [
          agreement,
          signing,
          { ...agreement, id: '#lie', type: 'Ed25519VerificationKey2020' },
          {
            id: '#bbs',
            type: 'Multikey',
            publicKeyMultibase:
              'zUC7EK3ZakmukHhuncwkbySmomv3FmrkmS36E4Ks5rsb6VQSRpoCrx6Hb8e2Nk6UvJFSdyw9NK1scFXJp21gNNYFjVWNgaqyGnkyhtagagCpQb5B7tagJu3HDbjQ8h5ypoHjwBb',
          },
          {
            id: '#jwk',
            type: 'Multikey',
            publicKeyBase58: '3M5RCDjPTWPkKSN3sxUmmMqHbmRPegYP1tjcKyrDbt9J',
          },
        ],
        keyAgreement: ['#a', '#s', '#bbs', '#lie'],
        authentication: ['#a', '#s', '#lie', '#jwk'],
      }),
    );
    expect(ids(keyAgreement)).toEqual(['a']);
    expect(ids(authentication)).toEqual(['s']);
  });

  it('believe no name that the document claims', async () => {
    const did = peer4Around({ alsoKnownAs: ['did:example:victim'] });
    expect((await documentOf(did)).alsoKnownAs).toEqual([did.slice(0, short.length)]);
  });
});

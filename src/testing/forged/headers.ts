import { encodeKey } from '../../crypto/multicodec.ts';
import type { KeyId } from '../../did/did.ts';
import { createPeer2 } from '../../did/peer2-create.ts';
import { toBase64Url } from '../../lib/base64url.ts';
import { utf8 } from '../../lib/bytes.ts';
import { fromHex } from '../hex.ts';
import { apvOf, set, type Edit, type Json } from '../forge.ts';
import { agreementOf, anoncrypt, authcrypt, honest, type Cast, type Forgery } from './cast.ts';

const forms = { authcrypt, anoncrypt };

/** Every point of low order, canonical or not, with and without the bit that X25519 ignores. */
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];
const P256_X = 'Es7iP3EhLCHlArP0KcYFcqEyBapr2K6YOA9W8eO8au8';
const P256_Y = 'N6Al7ETwCdpC6Njdecr2KXAg1UeZy_ufHRQKp9G6KGk';
const X = 'k9of_cpAajy0poW5gaixXGs9nHkwg1AFqUAFa39dyBc';

const epks: readonly (readonly [string, unknown, Forgery['expected']])[] = [
  ['missing', undefined, 'epk'],
  ['null', null, 'epk'],
  ['a text', X, 'epk'],
  ['on P-256', { kty: 'EC', crv: 'P-256', x: P256_X, y: P256_Y }, 'epk'],
  ['off its curve', { kty: 'EC', crv: 'P-256', x: P256_X, y: P256_X }, 'epk'],
  ['on Ed25519', { kty: 'OKP', crv: 'Ed25519', x: X }, 'epk'],
  ['on no known curve', { kty: 'OKP', crv: 'X448', x: X }, 'epk'],
  ['named after a prototype', { kty: 'OKP', crv: 'constructor', x: X }, 'epk'],
  ['X25519 of the wrong type', { kty: 'EC', crv: 'X25519', x: X }, 'epk'],
  ['without x', { kty: 'OKP', crv: 'X25519' }, 'epk'],
  ['of 31 bytes', { kty: 'OKP', crv: 'X25519', x: X.slice(0, 42) }, 'epk'],
  ['of 33 bytes', { kty: 'OKP', crv: 'X25519', x: `${X.slice(0, 42)}AA` }, 'epk'],
  ['padded', { kty: 'OKP', crv: 'X25519', x: `${X}=` }, 'epk'],
  ['another key', { kty: 'OKP', crv: 'X25519', x: X }, 'decrypt'],
  ...LOW_ORDER.map(
    (hex, index) =>
      [
        `of low order ${index + 1}`,
        { kty: 'OKP', crv: 'X25519', x: toBase64Url(fromHex(hex)) },
        'epk',
      ] as const,
  ),
];

const edits: readonly (readonly [string, Edit, Forgery['expected'], libraryAccepts?: true])[] = [
  ['crit', set({ crit: ['exp'] }), 'alg', true],
  ['an empty crit', set({ crit: [] }), 'alg'],
  ['zip', set({ zip: 'DEF' }), 'alg', true],
  ['alg missing', set({ alg: undefined }), 'alg'],
  ['alg none', set({ alg: 'none' }), 'alg'],
  ['alg dir', set({ alg: 'dir' }), 'alg'],
  ['alg ECDH-ES', set({ alg: 'ECDH-ES' }), 'alg'],
  ['alg ECDH-ES+A128KW', set({ alg: 'ECDH-ES+A128KW' }), 'alg'],
  ['alg ECDH-1PU+A128KW', set({ alg: 'ECDH-1PU+A128KW' }), 'alg'],
  ['alg RSA-OAEP-256', set({ alg: 'RSA-OAEP-256' }), 'alg'],
  ['alg in lower case', set({ alg: 'ecdh-es+a256kw' }), 'alg'],
  ['alg a list', set({ alg: ['ECDH-ES+A256KW'] }), 'alg'],
  ['enc missing', set({ enc: undefined }), 'alg'],
  ['enc A128GCM', set({ enc: 'A128GCM' }), 'alg'],
  ['enc A128CBC-HS256', set({ enc: 'A128CBC-HS256' }), 'alg'],
  ['enc named after a prototype', set({ enc: 'toString' }), 'alg'],
  ['typ of a plaintext', set({ typ: 'application/didcomm-plain+json' }), 'typ'],
  ['typ of a signed message', set({ typ: 'didcomm-signed+json' }), 'typ'],
  ['typ JWT', set({ typ: 'JWT' }), 'typ'],
  ['typ a number', set({ typ: 2 }), 'typ'],
  ['typ empty', set({ typ: '' }), 'typ'],
  ['apv missing', set({ apv: undefined }), 'header'],
  ['apv null', set({ apv: null }), 'header'],
  ['apv empty', set({ apv: '' }), 'header'],
  ['apv of other kids', set({ apv: toBase64Url(new Uint8Array(32)) }), 'header'],
  ['apv padded', (header) => ({ ...header, apv: `${String(header['apv'])}=` }), 'header'],
  ['apu a number', set({ apu: 1 }), 'header'],
  ['apu not base64url', set({ apu: '*' }), 'header'],
  ...epks.map(([name, epk, expected]) => [`epk ${name}`, set({ epk }), expected] as const),
];

const apu = (kid: string): string => toBase64Url(utf8(kid));

/** Headers that state the sender, in authcrypt. */
const senderEdits: readonly (readonly [string, (cast: Cast) => Json, Forgery['expected']])[] = [
  ['apu missing', () => ({ apu: undefined }), 'header'],
  ['apu empty', () => ({ apu: '' }), 'header'],
  ['apu not UTF-8', () => ({ apu: '_w', skid: undefined }), 'header'],
  ['apu of somebody else', ({ mallory }) => ({ apu: apu(mallory.agreement.kid) }), 'header'],
  ['skid of somebody else', ({ mallory }) => ({ skid: mallory.agreement.kid }), 'header'],
  ['skid null beside a right apu', () => ({ skid: null }), 'header'],
  ['skid a number', () => ({ skid: 5 }), 'header'],
  ['neither skid nor apu', () => ({ skid: undefined, apu: undefined }), 'header'],
  ['skid relative', () => ({ skid: '#key-1', apu: apu('#key-1') }), 'header'],
  ['skid without fragment', ({ alice }) => ({ skid: alice.did, apu: apu(alice.did) }), 'header'],
  [
    'skid with a query',
    ({ alice }) => ({ skid: `${alice.did}?a#key-1`, apu: apu(`${alice.did}?a#key-1`) }),
    'header',
  ],
  ['skid no DID', () => ({ skid: 'alice#key-1', apu: apu('alice#key-1') }), 'header'],
  ['said to be anoncrypt', () => ({ alg: 'ECDH-ES+A256KW' }), 'header'],
];

const P256_KEY = encodeKey(
  'P-256',
  fromHex('036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'),
);

/** Senders whose `skid` leads nowhere. */
const senders: readonly (readonly [string, (cast: Cast) => string, Forgery['expected']])[] = [
  ['the signing key', ({ alice }) => alice.signing.kid, 'from-skid'],
  ['a key that the DID lacks', ({ alice }) => `${alice.did}#key-9`, 'from-skid'],
  ['a key by an ambiguous name', ({ alice }) => `${alice.did}#z6LS`, 'from-skid'],
  ['a DID on the web', () => 'did:web:alice.example#key-1', 'did'],
  ['a DID of an unknown method', () => 'did:example:alice#key-1', 'did'],
  ['a did:peer:1', () => 'did:peer:1zQmZMygzYqNwU6Uhmewx5Xepf2VLp5S4HLSwwgf2aiKZuwa#key-1', 'did'],
  ['a broken did:peer:2', () => 'did:peer:2.Ez6LSbroken#key-1', 'did'],
  ['a did:peer:4 that is only a hash', () => `did:peer:4zQm${'d'.repeat(44)}#key-1`, 'did'],
  [
    'a DID without agreement keys',
    ({ alice }) => `did:peer:2.V${encodeKey('Ed25519', alice.signing.publicBytes)}#key-1`,
    'from-skid',
  ],
  ['a key on another curve', () => `did:peer:2.E${P256_KEY}#key-1`, 'from-skid'],
  [
    'a key of low order',
    ({ alice }) =>
      `${createPeer2({ agreement: new Uint8Array(32), signing: alice.signing.publicBytes, services: [] })}#key-1`,
    'from-skid',
  ],
];

const recipients: readonly (readonly [
  string,
  (cast: Cast) => readonly string[],
  Forgery['expected'],
])[] = [
  ['none', () => [], 'recipients'],
  ['of two DIDs', ({ bob, mallory }) => [bob.agreement.kid, mallory.agreement.kid], 'recipients'],
  [
    'of two DIDs of the wallet',
    ({ bob, bobElsewhere }) => [bob.agreement.kid, bobElsewhere.agreement.kid],
    'recipients',
  ],
  ['relative', () => ['#key-1'], 'recipients'],
  ['empty', () => [''], 'recipients'],
  ['no DID', () => ['bob#key-1'], 'recipients'],
  [
    '21 of one DID',
    ({ bob }) => Array.from({ length: 21 }, (_, index) => `${bob.did}#key-${index}`),
    'recipients',
  ],
  ['somebody else', ({ mallory }) => [mallory.agreement.kid], 'not-for-us'],
  ['the sender', ({ alice }) => [alice.agreement.kid], 'not-for-us'],
  ['a key that the DID lacks', ({ bob }) => [`${bob.did}#key-9`], 'not-for-us'],
  ['the signing key', ({ bob }) => [bob.signing.kid], 'not-for-us'],
];

export const headerForgeries: readonly Forgery[] = [
  ...Object.entries(forms).flatMap(([form, pack]) => [
    ...edits.map(([name, header, expected, libraryAccepts]) => ({
      name: `${form}: ${name}`,
      expected,
      pack: (cast: Cast) => pack(cast, honest(cast), { header }),
      ...(libraryAccepts ? { libraryAccepts } : {}),
    })),
    ...recipients.map(([name, kids, expected]) => ({
      name: `${form}: recipients ${name}`,
      expected,
      pack: (cast: Cast) => {
        const { publicBytes } = cast.bob.agreement;
        return pack(cast, honest(cast), { to: kids(cast).map((kid) => ({ kid, publicBytes })) });
      },
    })),
    {
      name: `${form}: apv of one recipient of two`,
      expected: 'header' as const,
      pack: async (cast: Cast) => {
        const { kid, publicBytes } = cast.bob.agreement;
        return pack(cast, honest(cast), {
          to: [
            { kid, publicBytes },
            { kid: `${cast.bob.did}#key-9`, publicBytes },
          ],
          header: set({ apv: await apvOf([kid]) }),
        });
      },
    },
  ]),
  ...senderEdits.map(([name, header, expected]) => ({
    name: `authcrypt: ${name}`,
    expected,
    pack: (cast: Cast) => authcrypt(cast, honest(cast), { header: set(header(cast)) }),
  })),
  ...senders.map(([name, kid, expected]) => ({
    name: `authcrypt: the sender is ${name}`,
    expected,
    pack: (cast: Cast) => {
      const { privateKey } = cast.alice.agreement;
      return authcrypt(cast, honest(cast), { from: { kid: kid(cast) as KeyId, privateKey } });
    },
  })),
  ...(['A256GCM', 'XC20P'] as const).map((enc): Forgery => ({
    name: `authcrypt with ${enc}`,
    expected: 'alg',
    pack: (cast) => authcrypt(cast, honest(cast), { enc }),
  })),
  {
    name: 'anoncrypt: a skid nobody proved',
    expected: 'header',
    pack: (cast) =>
      anoncrypt(cast, honest(cast), {
        header: set({ skid: cast.alice.agreement.kid, apu: apu(cast.alice.agreement.kid) }),
      }),
  },
  {
    name: 'anoncrypt said to be authcrypt by Alice',
    expected: 'decrypt',
    pack: (cast) =>
      anoncrypt(cast, honest(cast), {
        header: set({
          alg: 'ECDH-1PU+A256KW',
          skid: cast.alice.agreement.kid,
          apu: apu(cast.alice.agreement.kid),
        }),
      }),
  },
  {
    name: 'authcrypt by Mallory with the skid of Alice',
    expected: 'decrypt',
    pack: (cast) =>
      authcrypt(cast, honest(cast), {
        from: { kid: cast.alice.agreement.kid, privateKey: cast.mallory.agreement.privateKey },
      }),
  },
  {
    name: 'authcrypt of an older draft, without the tag in its key',
    expected: 'decrypt',
    pack: (cast) => authcrypt(cast, honest(cast), { withoutTag: true }),
  },
  {
    name: 'anoncrypt(authcrypt) for two DIDs of the wallet',
    expected: 'recipients',
    pack: async (cast) =>
      anoncrypt(
        cast,
        await authcrypt(cast, honest(cast), { to: [agreementOf(cast.bobElsewhere)] }),
      ),
  },
  {
    name: 'anoncrypt around an authcrypt for somebody else',
    expected: 'recipients',
    pack: async (cast) =>
      anoncrypt(cast, await authcrypt(cast, honest(cast), { to: [agreementOf(cast.mallory)] })),
  },
];

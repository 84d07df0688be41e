import { set, type Json } from '../forge.ts';
import { honest, wrap, type Forgery } from './cast.ts';

const attachments = (count: number): readonly Json[] =>
  Array.from({ length: count }, (_, index) => ({ id: String(index), data: { json: {} } }));

const LINK = 'https://files.example/1';
const HASH = 'zQmaozNR7DZHQK1ZcU9p7QdrshMvXqWK6gpu5rmrkPdT3L4';
const dataForgeries: readonly (readonly [string, ...Json[]])[] = [
  ['of nothing', {}],
  ['of a hash', { hash: HASH }],
  ['of null', { base64: undefined }],
  ['whose base64 is none', { base64: 'Hello Bob' }],
  ['whose base64 has no whole bytes', { base64: 'AAAAA' }],
  ['whose base64 has padding inside', { base64: 'AA==AA==' }],
  ['of links without hash', { links: [LINK] }],
  ['of links with an empty hash', { links: [LINK], hash: '' }],
  ['of links with a hash of 257 characters', { links: [LINK], hash: 'z'.repeat(257) }],
  ['of no links', { links: [], hash: HASH }],
  ['of an empty link', { links: [''], hash: HASH }],
  ['of 9 links', { links: Array.from({ length: 9 }, () => LINK), hash: HASH }],
  ['of a link of 2,049 characters', { links: [LINK.padEnd(2049, 'x')], hash: HASH }],
  ['of JSON and links without hash', { json: {}, links: [LINK] }],
  ['beside a sound one', { json: {} }, {}],
];

const members: readonly (readonly [string, Json, Forgery['expected'], libraryAccepts?: true])[] = [
  // R21
  ['id missing', { id: undefined }, 'id'],
  ['id null', { id: null }, 'id'],
  ['id a number', { id: 7 }, 'id'],
  ['id empty', { id: '' }, 'id'],
  ['id of 257 characters', { id: 'a'.repeat(257) }, 'id', true],
  ['id of 10,000 characters', { id: 'a'.repeat(10_000) }, 'id', true],
  ['id with a blank', { id: 'a b' }, 'id'],
  ['id with a slash', { id: '../../a' }, 'id'],
  ['id with a line end', { id: 'abc\n' }, 'id'],
  ['id with a quote', { id: 'a"b' }, 'id'],
  ['id with markup', { id: '<b>' }, 'id'],
  ['id percent-encoded', { id: '%61' }, 'id'],
  ['id with a null character', { id: 'a\u0000' }, 'id'],
  ['id outside ASCII', { id: 'é' }, 'id'],
  ['id written from right to left', { id: 'a\u202Eb' }, 'id'],
  ['thid of 257 characters', { thid: 'a'.repeat(257) }, 'id'],
  ['pthid of 257 characters', { pthid: 'a'.repeat(257) }, 'id'],
  // R31
  ...dataForgeries.map(
    ([name, ...data]) =>
      [
        `an attachment ${name}`,
        { attachments: data.map((one) => ({ id: '1', data: one })) },
        'attachment',
      ] as const,
  ),
  // R32
  ['typ of an encrypted message', { typ: 'application/didcomm-encrypted+json' }, 'typ'],
  ['typ of a signed message', { typ: 'didcomm-signed+json' }, 'typ'],
  ['typ of JSON', { typ: 'application/json' }, 'typ'],
  ['typ a list', { typ: ['application/didcomm-plain+json'] }, 'typ'],
  // caps
  ['21 attachments', { attachments: attachments(21) }, 'attachments'],
  ['10,000 attachments', { attachments: attachments(10_000) }, 'attachments'],
  // shape
  ['type missing', { type: undefined }, 'malformed'],
  ['type a number', { type: 1 }, 'malformed'],
  ['to a text', { to: 'did:example:bob' }, 'malformed'],
  ['to of numbers', { to: [1] }, 'malformed'],
  ['from an object', { from: {} }, 'malformed'],
  ['thid a number', { thid: 1 }, 'malformed'],
  ['pthid a list', { pthid: [] }, 'malformed'],
  ['body a text', { body: 'Hello' }, 'malformed'],
  ['body a number', { body: 0 }, 'malformed'],
  ['created_time an object', { created_time: {} }, 'malformed'],
  ['created_time no time', { created_time: 'yesterday' }, 'malformed'],
  ['expires_time true', { expires_time: true }, 'malformed'],
  ['attachments an object', { attachments: {} }, 'malformed'],
  ['an attachment without data', { attachments: [{ id: '1' }] }, 'malformed'],
  ['an attachment with a number', { attachments: [{ data: { base64: 1 } }] }, 'malformed'],
  ['from_prior an object', { from_prior: {} }, 'malformed'],
  ['please_ack a text', { please_ack: 'yes' }, 'malformed'],
];

const contents: readonly (readonly [string, unknown, Forgery['expected']])[] = [
  ['nothing', '', 'malformed'],
  ['text', 'Hello Bob', 'malformed'],
  ['null', 'null', 'malformed'],
  ['a list', '[]', 'malformed'],
  ['an empty object', '{}', 'id'],
  ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0x7d), 'malformed'],
  ['a byte order mark', '\uFEFF{"id":"1","type":"a"}', 'malformed'],
  ['cut JSON', '{"id":"1","type":', 'malformed'],
];

export const plaintextForgeries: readonly Forgery[] = [
  ...members.map(([name, change, expected, libraryAccepts]): Forgery => ({
    name: `authcrypt of a plaintext: ${name}`,
    expected,
    pack: (cast) => wrap(cast, 'a', set(change)(honest(cast))),
    ...(libraryAccepts ? { libraryAccepts } : {}),
  })),
  ...['a', 'n', 'na'].flatMap((nesting) =>
    contents.map(([name, content, expected]): Forgery => ({
      name: `${nesting === 'a' ? 'authcrypt' : nesting === 'n' ? 'anoncrypt' : 'anoncrypt(authcrypt)'} of ${name}`,
      expected,
      pack: (cast) => wrap(cast, nesting, content),
    })),
  ),
];

import * as v from 'valibot';
import { expect, test } from 'vitest';
import { Plaintext } from './plaintext.ts';

const TYPE = 'https://didcomm.org/basicmessage/2.0/message';
const parse = (headers: object) => v.safeParse(Plaintext, { id: '1', type: TYPE, ...headers });
const read = (headers: object) => v.parse(Plaintext, { id: '1', type: TYPE, ...headers });

/** What peers send for 2026-08-04T10:00:00.123Z (rule I45). */
const SECONDS = 1_785_837_600;
test.each([
  SECONDS,
  SECONDS + 0.999,
  SECONDS * 1000 + 123,
  String(SECONDS),
  `${SECONDS}.5`,
  `${SECONDS}123`,
  '2026-08-04T10:00:00Z',
  '2026-08-04T10:00:00.123Z',
  '2026-08-04T12:00:00+02:00',
  '2026-08-04T10:00:00.123456+00:00',
  '2026-08-04T10:00:00.123456',
  '2026-08-04t10:00:00z',
])('the time %j is epoch seconds', (time) => {
  const { created_time: created, expires_time: expires } = read({
    created_time: time,
    expires_time: time,
  });
  expect([created, expires]).toEqual([SECONDS, SECONDS]);
});

test.each([
  'yesterday',
  '',
  ' ',
  'page 1',
  '-5',
  '2026-08-04',
  '2026-13-04T10:00:00Z',
  '1e9',
  '0x10',
  'Infinity',
  JSON.parse('1e999') as number,
  true,
  {},
  [1],
])('%j is no time', (time) => {
  expect(parse({ created_time: time }).success).toBe(false);
  expect(parse({ expires_time: time }).success).toBe(false);
});

test('no time is none', () => {
  expect(read({})).not.toHaveProperty('created_time');
});

test('every header of the specification and its extensions is taken, unknown ones are left out', () => {
  const known = {
    typ: 'application/didcomm-plain+json',
    from: 'did:example:alice',
    to: ['did:example:bob'],
    thid: '2',
    pthid: '3',
    created_time: 1,
    expires_time: 2,
    from_prior: 'a.b.c',
    return_route: 'thread',
    lang: 'fr',
    please_ack: [''],
    ack: ['4'],
    body: { content: 'x' },
  };
  const others = {
    'accept-lang': ['fr', 'en'],
    l10n: { inline: [['de', 'content', 'y']] },
    return_route_thread: '2',
    trace: 'https://example.org/trace',
    delay_milli: -5,
    sender_order: 1,
    sent_count: 2,
    received_orders: [{ id: 'did:example:bob', last: 1, gaps: [2] }],
    web_redirect: { status: 'OK', redirectUrl: 'https://example.org' },
    'X-other': null,
  };
  expect(read({ ...known, ...others })).toEqual({ id: '1', type: TYPE, ...known });
  expect(read({ ack: '4' }).ack).toBe('4'); // one mediator's report
  expect(read({}).body).toEqual({});
});

test.each([[[]], [['x']], ['x'], [0], [true]])('%j is no body', (body) => {
  expect(parse({ body }).success).toBe(false);
});

test('attachments: every form of data, with what peers write beside it', () => {
  const jws = { header: { kid: 'did:example:alice#key-1' }, protected: 'e30', signature: 'AA' };
  const attachments = [
    { id: 'a', data: { base64: 'AAEC' } },
    { data: { base64: '+/8=', jws } },
    { id: 'b', media_type: 'text/plain', format: 'x', data: { json: { a: 1 }, jws } },
    { data: { json: [1] } },
    { filename: 'f', description: 'd', data: { links: ['https://example.org/f'], hash: 'Qm' } },
    { data: { jws: { signatures: [jws] } } },
  ];
  expect(read({ attachments }).attachments).toEqual(attachments);
  const data = { json: {} };
  const dropped = { mime_type: 'text/plain', lastmod_time: '2026-08-04T10:00:00.000Z' };
  const [read1] = read({ attachments: [{ ...dropped, byte_count: '12', data }] }).attachments!;
  expect(read1).toEqual({ data });
});

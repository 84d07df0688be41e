import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Put, Remove, Removed, Stored } from '../src/protocols/blind-link/messages.ts';
import { newLinkSecret, openLink, sealLink } from '../src/protocols/blind-link/seal.ts';
import { walletFolder } from '../src/testing/folders.ts';
import {
  newAccount,
  reportOf,
  testMediator,
  type TestMediator,
} from '../src/testing/test-mediator.ts';
import { STORE_LIMITS } from './store/types.ts';

const DAY_SECONDS = 24 * 3600;
const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const later = (): number => nowSeconds() + DAY_SECONDS;

async function sealed(text = '{}') {
  const secret = newLinkSecret();
  const link = await sealLink(secret, text);
  if (!link) throw new Error('too long');
  return { secret, ...link };
}
const read = (mediator: TestMediator, id: string, more = {}) =>
  mediator.request({ path: `/i/${id}`, ...more });

test('a link is kept for its account and given to anybody, until it is removed', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const { secret, id, content } = await sealed('{"hello":1}');
  const expires_time = later();
  const put = await client.ask(Put.type, { id, content, expires_time });
  expect(put.message).toMatchObject({ type: Stored.type, body: { id, expires_time } });

  const answer = await read(mediator, id);
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'cache-control': 'no-store',
    'content-type': 'application/octet-stream',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  expect(await openLink(secret, new Uint8Array(answer.body as Buffer))).toBe('{"hello":1}');

  for (const _ of ['there', 'gone already']) {
    const removed = await client.ask(Remove.type, { id });
    expect(removed.message).toMatchObject({ type: Removed.type, body: { id } });
    expect((await read(mediator, id)).status).toBe(404);
  }
});

test('a link whose time is over is refused', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const { id, content } = await sealed();
  for (const expires_time of [0, nowSeconds() - 1])
    expect(await reportOf(client, Put.type, { id, content, expires_time })).toMatchObject({
      code: 'e.p.req.time',
    });
});

test('unknown, expired, removed and malformed get one same answer', async () => {
  let passed = 0;
  const mediator = await testMediator({ clock: { now: () => Date.now() + passed } });
  const { client } = await newAccount(mediator);
  const [old, removed] = [await sealed(), await sealed()];
  const expires_time = nowSeconds() + 60;
  await client.ask(Put.type, { id: old.id, content: old.content, expires_time });
  expect((await read(mediator, old.id)).status).toBe(200);
  passed = 61_000;
  await client.ask(Put.type, { id: removed.id, content: removed.content, expires_time: later() });
  await client.ask(Remove.type, { id: removed.id });
  const unknown = (await sealed()).id;
  const paths = [
    unknown,
    old.id,
    removed.id,
    'x',
    `${unknown}/`,
    '..',
    'a'.repeat(5000),
    '%00',
    '==',
  ];
  const answers = await Promise.all(paths.map((path) => read(mediator, path)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]).toMatchObject({ status: 404, headers: { 'cache-control': 'no-store' } });
  expect(await read(mediator, unknown, { method: 'HEAD' })).toEqual(answers[0]);
});

test('only accounts keep links, each its own and so many', async () => {
  const mediator = await testMediator({
    limits: { store: { ...STORE_LIMITS, linksPerAccount: 1 } },
  });
  const [a, b] = [(await newAccount(mediator)).client, (await newAccount(mediator)).client];
  const stranger = await mediator.client();
  const [first, second] = [await sealed(), await sealed()];
  const body = ({ id, content }: typeof first) => ({ id, content, expires_time: later() });
  expect(await reportOf(stranger, Put.type, body(first))).toMatchObject({
    code: 'e.p.req.not_enroll',
  });
  expect(await reportOf(stranger, Remove.type, { id: first.id })).toMatchObject({
    code: 'e.p.req.not_enroll',
  });
  expect((await a.ask(Put.type, body(first))).message?.type).toBe(Stored.type);
  expect(await reportOf(b, Put.type, body(first))).toMatchObject({ code: 'e.p.req.taken' });
  expect(await reportOf(a, Put.type, body(second))).toMatchObject({
    code: 'e.p.me.res.storage',
  });
  await b.ask(Remove.type, { id: first.id });
  expect((await read(mediator, first.id)).status).toBe(200);
});

test('nothing is kept longer than a week', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const { id, content } = await sealed();
  const put = await client.ask(Put.type, { id, content, expires_time: nowSeconds() + 1e9 });
  const until = put.message?.body['expires_time'];
  expect(until).toBeLessThanOrEqual(nowSeconds() + 7 * DAY_SECONDS);
  expect(until).toBeGreaterThan(nowSeconds() + 6 * DAY_SECONDS);
});

test.each([
  ['an id too short', { id: 'AAAA' }],
  ['an id in another alphabet', { id: '+'.repeat(22) }],
  ['content of no whole step', { content: 'A'.repeat(1000) }],
  ['no content', { content: '' }],
  ['content of five steps', { content: Buffer.alloc(5 * 1024).toString('base64url') }],
  ['an end that is no number', { expires_time: 'soon' }],
])('refuses %s', async (_, members) => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const { id, content } = await sealed();
  const body = { id, content, expires_time: later(), ...members };
  expect(await reportOf(client, Put.type, body)).toMatchObject({ code: `e.p.msg.${Put.type}` });
});

test('the app shell stays at /i, and discovery tells of the protocol', async () => {
  const distDir = walletFolder();
  const mediator = await testMediator({ distDir });
  rmSync(distDir, { recursive: true });
  for (const path of ['/i', '/i/'])
    expect(String((await mediator.request({ path })).body)).toBe('<title>Parley</title>');
  expect(await read(mediator, (await sealed()).id)).not.toHaveProperty('body');
  const { client } = await newAccount(mediator);
  const disclosed = await client.ask('https://didcomm.org/discover-features/2.0/queries', {
    queries: [{ 'feature-type': 'protocol', match: 'https://w3id.org/parley/blind-link/*' }],
  });
  expect(disclosed.message?.body['disclosures']).toEqual([
    {
      'feature-type': 'protocol',
      id: 'https://w3id.org/parley/blind-link/1.0',
      roles: ['mediator'],
    },
  ]);
});

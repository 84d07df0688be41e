import { expect, test } from 'vitest';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { letterFor } from '../src/testing/mediator-client.ts';
import { newPeer } from '../src/testing/peer.ts';
import { newAccount, testMediator } from '../src/testing/test-mediator.ts';

const PING = 'https://didcomm.org/trust-ping/2.0/ping';

test('every hostile body is a 4xx and no fault', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const good = await client.pack(PING, {});
  const jwe = JSON.parse(good) as Record<string, unknown> & { ciphertext: string; tag: string };
  const [recipient] = jwe['recipients'] as object[];
  const flip = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
  const hostile: (string | Uint8Array<ArrayBuffer>)[] = [
    '',
    ' ',
    'null',
    '[]',
    '{}',
    '"text"',
    'not json',
    '[',
    '['.repeat(100_000),
    '{"a":'.repeat(1000),
    new Uint8Array([0xff, 0xfe, 0x00]),
    new Uint8Array(1024),
    JSON.stringify({ id: 'x', type: PING, body: {} }),
    JSON.stringify({ ...jwe, tag: flip(jwe.tag) }),
    JSON.stringify({ ...jwe, ciphertext: flip(jwe.ciphertext) }),
    JSON.stringify({ ...jwe, recipients: [] }),
    JSON.stringify({ ...jwe, recipients: Array(21).fill(recipient) }),
    JSON.stringify({ ...jwe, recipients: Array(10_000).fill({}) }),
    JSON.stringify({ ...jwe, protected: '' }),
    JSON.stringify({ ...jwe, protected: 5 }),
    JSON.stringify({ protected: jwe['protected'], payload: 'x', signatures: [] }),
    JSON.stringify({ __proto__: null, ciphertext: {}, protected: [], recipients: null }),
    await letterFor(await newPeer(), 'for somebody else'),
    await nativeEngine.sign(
      new TextEncoder().encode(
        JSON.stringify({ id: 'x', type: PING, from: client.peer.did, body: {} }),
      ),
      client.peer.signing,
    ),
  ];
  for (const body of hostile)
    expect(await mediator.post(body), String(body).slice(0, 60)).toEqual({ status: 400, body: '' });
  expect((await mediator.post(`{"a":"${'x'.repeat(1024 * 1024)}"}`)).status).toBe(413);
  expect(mediator.faults).toEqual([]);
  expect((await mediator.post(good)).status).toBe(200);
});

test('a client that asks too often waits', async () => {
  let now = 1_800_000_000_000;
  const clock = { now: () => now };
  const mediator = await testMediator({ clock, limits: { ratePerIp: 1, burstPerIp: 3 } });
  const statuses = async (client: string) => (await mediator.post('x', { client })).status;
  expect([
    await statuses('a'),
    await statuses('a'),
    await statuses('a'),
    await statuses('a'),
  ]).toEqual([400, 400, 400, 429]);
  expect(await statuses('b')).toBe(400);
  const refused = await mediator.request({ method: 'POST', client: 'a' });
  expect(refused.headers['retry-after']).toBe('1');
  now += 1000;
  expect(await statuses('a')).toBe(400);
});

test('an account that asks too often waits, whatever its address', async () => {
  let now = 1_800_000_000_000;
  const clock = { now: () => now };
  const mediator = await testMediator({ clock, limits: { ratePerAccount: 1, burstPerAccount: 2 } });
  const client = await mediator.client();
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await client.ask(PING, {})).status);
  expect(statuses).toEqual([200, 200, 429]);
  now += 1000;
  expect((await client.ask(PING, {})).status).toBe(200);
});

test('its pages: invitation, link, DID, health', async () => {
  const mediator = await testMediator({ url: 'https://mail.example' });
  const get = async (path: string) => String((await mediator.request({ path })).body);
  const invitation = JSON.parse(await get('/invitation')) as { id: string };
  expect(invitation).toMatchObject({
    type: 'https://didcomm.org/out-of-band/2.0/invitation',
    from: mediator.identity.did,
    body: { goal_code: 'request-mediate', accept: ['didcomm/v2'] },
  });
  const link = new URL(await get('/invitationOOB'));
  expect(`${link.origin}${link.pathname}`).toBe('https://mail.example/i');
  const oob = link.searchParams.get('_oob') ?? '';
  expect(oob).toMatch(/^[A-Za-z0-9]+$/);
  expect(JSON.parse(Buffer.from(oob, 'base64').toString())).toEqual(invitation);
  expect(await get('/did')).toBe(mediator.identity.did);
  expect(invitation.id).toMatch(/^[\w-]{22}$/);
  expect(JSON.parse(await get('/health'))).toEqual({ status: 'ok' });
});

test('under a path it has the same pages there, for a proxy that does not take the path away', async () => {
  const mediator = await testMediator({ url: 'https://mail.example/a/b' });
  for (const path of ['/did', '/invitation', '/did.json', '/health', '/version', '/ready']) {
    const there = await mediator.request({ path: `/a/b${path}` });
    expect(there.status).toBe(200);
    expect(there).toEqual(await mediator.request({ path }));
  }
  expect((await mediator.request({ path: '/a/b/i/AAAAAAAAAAAAAAAAAAAAAA' })).status).toBe(404);
  expect((await mediator.request({ path: '/a/bdid' })).status).toBe(404);
});

test('its answers may be read by any origin, and are never kept', async () => {
  const mediator = await testMediator();
  const preflight = await mediator.request({ method: 'OPTIONS' });
  expect(preflight.status).toBe(204);
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '86400',
  });
  const posted = await mediator.request({ method: 'POST' });
  expect(posted.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'strict-transport-security': 'max-age=31536000',
  });
  expect(posted.headers).not.toHaveProperty('access-control-allow-credentials');
  expect((await mediator.request({ method: 'DELETE' })).status).toBe(405);
  expect((await mediator.request({ method: 'POST', path: '/other' })).status).toBe(404);
  expect((await mediator.request({ path: '/nothing.js' })).status).toBe(404);
});

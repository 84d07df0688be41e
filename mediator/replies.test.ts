import { expect, test } from 'vitest';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { usableKeys } from '../src/didcomm/pack.ts';
import { utf8 } from '../src/lib/bytes.ts';
import { documentOf } from '../src/testing/peer-did.ts';
import { lettersOf } from '../src/testing/mediator-client.ts';
import { newPeer } from '../src/testing/peer.ts';
import {
  newAccount,
  reportOf,
  testMediator,
  type TestMediator,
} from '../src/testing/test-mediator.ts';

const CM2 = 'https://didcomm.org/coordinate-mediation/2.0';
const CM3 = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';
const PING = 'https://didcomm.org/trust-ping/2.0/ping';

/** What anybody can make of an envelope that was captured. */
const wrapAnew = async (packed: string, { identity }: TestMediator): Promise<string> =>
  nativeEngine.anoncrypt(utf8(packed), await usableKeys(await documentOf(identity.did)));

test('replays are recognised, also when the JSON is spaced anew or wrapped once more; forwards are not', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const packed = await client.pack(PING, {});
  const first = await client.open((await mediator.post(packed)).body);
  expect(first.message.type).toBe('https://didcomm.org/trust-ping/2.0/ping-response');
  const wrapped = await wrapAnew(packed, mediator);
  for (const again of [packed, JSON.stringify(JSON.parse(packed), null, 3), wrapped]) {
    const { message } = await client.open((await mediator.post(again)).body);
    expect(message.body['code']).toBe('e.p.crypto.message.dejavu');
  }
  const sameId = { id: 'retry-1' };
  for (let i = 0; i < 2; i += 1)
    expect((await client.ask(PING, {}, sameId)).message?.thid).toBe('retry-1');
});

test('an envelope is remembered for a day, or 30 when it changes something', async () => {
  const DAY_MS = 24 * 3600 * 1000;
  let now = 1_800_000_000_000;
  const mediator = await testMediator({ clock: { now: () => now } });
  const { client } = await newAccount(mediator);
  const ping = await client.pack(PING, {});
  const update = await client.pack(`${CM3}/recipient-update`, { updates: [] });
  const answers = async () => {
    await mediator.store.expire(now, 100);
    const types: string[] = [];
    for (const packed of [ping, update]) {
      const { message } = await client.open((await mediator.post(packed)).body);
      types.push(message.type.split('/').at(-1) ?? '');
    }
    return types;
  };
  const fresh = ['ping-response', 'recipient-update-response'];
  expect(await answers()).toEqual(fresh);
  now += DAY_MS - 1;
  expect(await answers()).toEqual(['problem-report', 'problem-report']);
  now += 1;
  expect(await answers()).toEqual(['ping-response', 'problem-report']);
  now += 29 * DAY_MS;
  expect(await answers()).toEqual(fresh);
});

test('a replay spends neither the rate nor the reports of its sender, and is not sent to it', async () => {
  const clock = { now: () => 1_800_000_000_000 };
  const limits = { ratePerAccount: 1, burstPerAccount: 6, reportsPerHour: 1 };
  const mediator = await testMediator({ clock, limits });
  const { routingDid } = mediator.identity;
  const client = await mediator.client(await newPeer([{ uri: routingDid }]));
  await client.ask(`${CM3}/mediate-request`, {});
  const packed = await client.pack(PING, { response_requested: false });
  const quiet = await client.pack(PING, { response_requested: false }, { return_route: 'none' });
  for (const first of [packed, quiet])
    expect(await mediator.post(first)).toMatchObject({ status: 202 });
  for (let i = 0; i < 9; i += 1) {
    expect((await mediator.post(packed)).status).toBe(200);
    expect(await mediator.post(quiet)).toEqual({ status: 202, body: '' });
  }
  expect(await reportOf(client, 'https://x.example/y/1.0/z', {})).toMatchObject({
    code: 'e.p.msg.unsupported',
  });
  const { message } = await client.ask(`${PICKUP}/status-request`, {});
  expect(message?.body['message_count']).toBe(0);
  // What waits for the rate is no replay when it comes again.
  await client.ask(PING, {});
  const late = await client.pack(PING, { response_requested: false });
  for (let i = 0; i < 2; i += 1) expect((await mediator.post(late)).status).toBe(429);
});

test('unknown and malformed messages are named in the report', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  for (const type of [
    'https://didcomm.org/unsupported-protocol',
    'https://didcomm.org/basicmessage/100.0/message',
    'nonsense',
    `${CM3}/mediate-grant`,
    `${PICKUP}/delivery`,
  ])
    expect(await reportOf(client, type, {})).toMatchObject({ code: 'e.p.msg.unsupported' });
  const bad: [string, object][] = [
    ['https://didcomm.org/basicmessage/2.0/message', {}],
    ['https://didcomm.org/basicmessage/2.0/message', { content: 7 }],
    [`${PICKUP}/delivery-request`, {}],
    [`${PICKUP}/delivery-request`, { limit: 0 }],
    [`${PICKUP}/delivery-request`, { limit: 1.5 }],
    [`${PICKUP}/messages-received`, { message_id_list: 'x' }],
    [`${PICKUP}/messages-received`, { message_id_list: Array(1001).fill('x') }],
    [`${PICKUP}/live-delivery-change`, { live_delivery: 'perhaps' }],
    [`${CM2}/keylist-update`, { updates: {} }],
    [`${CM3}/recipient-query`, { paginate: { limit: -1, offset: 0 } }],
  ];
  for (const [type, body] of bad)
    expect(await reportOf(client, type, body)).toMatchObject({ code: `e.p.msg.${type}` });
  const texts = await client.ask('https://didcomm.org/basicmessage/2.0/message', { content: 'hi' });
  expect(texts).toEqual({ status: 202 });
});

test('reports name the thread and the message; none answers a report', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const { message } = await client.ask('https://x.example/y/1.0/z', {}, { id: 'm', thid: 't' });
  expect(message).toMatchObject({ pthid: 't', ack: ['m'] });
  expect(message?.thid).toBeUndefined();
  for (const body of [{ code: 'e.p.msg' }, {}, { code: 5 }])
    expect(await client.ask(REPORT, body)).toEqual({ status: 202 });
});

test('after five reports an hour a DID gets no more', async () => {
  let now = 1_800_000_000_000;
  const clock = { now: () => now };
  const mediator = await testMediator({ clock, limits: { reportsPerHour: 5 } });
  const { client } = await newAccount(mediator);
  const ask = async () => (await client.ask('https://x.example/y/1.0/z', {})).message?.type;
  for (let i = 0; i < 5; i += 1) expect(await ask()).toBe(REPORT);
  expect(await ask()).toBeUndefined();
  expect((await client.ask(PING, {})).message).toBeDefined();
  now += 3_600_001;
  expect(await ask()).toBe(REPORT);
});

test('that a connection takes no live mode is said as often as it is asked', async () => {
  const mediator = await testMediator({ limits: { reportsPerHour: 1 } });
  const { client } = await newAccount(mediator);
  for (const version of ['messagepickup/3.0', 'message-pickup/4.0', 'messagepickup/3.0'])
    expect(
      await client.ask(`https://didcomm.org/${version}/live-delivery-change`, {
        live_delivery: true,
      }),
    ).toMatchObject({ message: { body: { code: 'e.m.live-mode-not-supported' } } });
});

test('what is past its time has no effect and no answer, ten minutes of clocks apart', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const { did } = await newPeer();
  const now = Math.floor(Date.now() / 1000);
  const add = (expires_time: number) =>
    client.ask(
      'https://didcomm.org/coordinate-mediation/3.0/recipient-update',
      { updates: [{ recipient_did: did, action: 'add' }] },
      { expires_time },
    );
  expect(await add(now - 700)).toEqual({ status: 202 });
  expect((await mediator.store.stats()).recipients).toBe(1);
  expect((await add(now - 500)).message?.body['updated']).toMatchObject([{ result: 'success' }]);
});

test('a ping that wants no answer gets none', async () => {
  const mediator = await testMediator();
  const client = await mediator.client();
  expect(await client.ask(PING, { response_requested: false })).toEqual({ status: 202 });
});

test('tells what it speaks, by wildcard or by name', async () => {
  const mediator = await testMediator();
  const client = await mediator.client();
  const ask = async (match: string, type = 'protocol') => {
    const { message } = await client.ask('https://didcomm.org/discover-features/2.0/queries', {
      queries: [{ 'feature-type': type, match }],
    });
    return (message?.body['disclosures'] as { id: string }[]).map(({ id }) => id);
  };
  expect(await ask(PICKUP)).toEqual([PICKUP]);
  expect(await ask('https://didcomm.org/coordinate-mediation/*')).toEqual([CM2, CM3]);
  expect(await ask('*')).toEqual(
    expect.arrayContaining([
      'https://didcomm.org/routing/2.0',
      'https://didcomm.org/trust-ping/2.0',
      'https://didcomm.org/out-of-band/2.0',
    ]),
  );
  const PICKUP_4 = 'https://didcomm.org/message-pickup/4.0';
  expect(await ask(PICKUP_4)).toEqual([PICKUP_4]);
  expect(await ask('https://didcomm.org/message-pickup/5.0')).toEqual([]);
  expect(await ask('*', 'goal-code')).toEqual([]);
});

test('without return_route the answer is in the body, unless the operator is strict', async () => {
  const loose = await testMediator();
  const strict = await testMediator({ replyInBand: 'strict' });
  for (const [mediator, expected] of [
    [loose, 200],
    [strict, 202],
  ] as const) {
    const client = await mediator.client();
    const { status } = await client.ask(PING, {}, { return_route: undefined });
    expect(status).toBe(expected);
    for (const return_route of ['all', 'thread'])
      expect((await client.ask(PING, {}, { return_route })).status).toBe(200);
    expect(await client.ask(PING, {}, { return_route: 'none' })).toEqual({ status: 202 });
  }
});

test('an answer to a queue of ours goes there without a detour', async () => {
  const mediator = await testMediator();
  const { routingDid } = mediator.identity;
  const peer = await newPeer([{ uri: routingDid }]);
  const client = await mediator.client(peer);
  await client.ask(`${CM3}/mediate-request`, {});
  await client.ask(PING, {}, { id: 'ping-1', return_route: 'none' });
  const { message } = await client.ask(`${PICKUP}/delivery-request`, { limit: 1 });
  const [letter] = lettersOf(message);
  expect((await client.open(letter!.packed)).message).toMatchObject({
    type: 'https://didcomm.org/trust-ping/2.0/ping-response',
    thid: 'ping-1',
  });
});

test('null stands for what is left out', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const nulls = { recipient_did: null };
  const answers: readonly (readonly [string, Record<string, unknown>, string])[] = [
    [`${PICKUP}/status-request`, nulls, 'status'],
    [`${PICKUP}/delivery-request`, { ...nulls, limit: 5 }, 'status'],
    [`${CM2}/keylist-query`, { paginate: null }, 'keylist'],
    [PING, { response_requested: null }, 'ping-response'],
  ];
  for (const [type, body, answer] of answers)
    expect((await client.ask(type, body)).message?.type.split('/').at(-1)).toBe(answer);
});

test('a report repeats no more of a message than a line', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  const long = 'x'.repeat(100_000);
  for (const [type, body] of [
    [`https://x.example/${long}/1.0/z`, {}],
    [`${PICKUP}/delivery-request`, { limit: long }],
  ] as const)
    expect(JSON.stringify(await reportOf(client, type, body)).length).toBeLessThan(2_000);
});

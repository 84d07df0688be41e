import { expect, test } from 'vitest';
import { lettersOf } from '../src/testing/mediator-client.ts';
import { newAccount, sendLetter, testMediator } from '../src/testing/test-mediator.ts';

// message-pickup 4.0 where it differs from 3.0 (didcomm.org/message-pickup/4.0).

const PICKUP = 'https://didcomm.org/message-pickup/4.0';

test('mail is delivered up to the count asked for, and an empty mailbox by an empty delivery', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  for (const text of ['one', 'two', 'three']) await sendLetter(mediator, account, text);
  const ask = async () =>
    (await account.client.ask(`${PICKUP}/delivery-request`, { message_count_limit: 2 })).message;
  const first = await ask();
  expect(first?.type).toBe(`${PICKUP}/delivery`);
  const ids = lettersOf(first).map(({ id }) => id);
  expect(ids).toHaveLength(2);
  // No answer, and nothing is left of what was acknowledged.
  expect(await account.client.ask(`${PICKUP}/messages-received`, { message_id_list: ids })).toEqual(
    { status: 202 },
  );
  const rest = lettersOf(await ask()).map(({ id }) => id);
  expect(rest).toHaveLength(1);
  await account.client.ask(`${PICKUP}/messages-received`, { message_id_list: rest });
  expect(await ask()).toMatchObject({ type: `${PICKUP}/delivery`, attachments: [] });
});

test('a status is in the thread of its request and counts in milliseconds', async () => {
  const now = Date.now();
  const mediator = await testMediator({ clock: { now: () => now } });
  const account = await newAccount(mediator);
  const letter = await sendLetter(mediator, account, 'one');
  const { message } = await account.client.ask(
    `${PICKUP}/status-request`,
    { recipient_did: account.client.peer.did },
    { id: 'request-1' },
  );
  expect(message).toMatchObject({ type: `${PICKUP}/status`, thid: 'request-1' });
  expect(message?.body).toEqual({
    recipient_did: account.client.peer.did,
    message_count: 1,
    newest_received_time: now,
    oldest_received_time: now,
    total_bytes: JSON.stringify(JSON.parse(letter)).length,
    live_delivery: false,
  });
});

test('reports are of its own type', async () => {
  const mediator = await testMediator();
  const stranger = await mediator.client();
  const { client } = await newAccount(mediator);
  const codes = [];
  for (const [who, name, body] of [
    [stranger, 'status-request', {}],
    [stranger, 'delivery-request', { message_count_limit: 1 }],
    [stranger, 'messages-received', { message_id_list: [] }],
    [client, 'live-delivery-change', { live_delivery: true }],
  ] as const) {
    const { message } = await who.ask(`${PICKUP}/${name}`, body);
    expect(message?.type).toBe(`${PICKUP}/problem-report`);
    codes.push(message?.body['code']);
  }
  expect(codes).toEqual([
    'e.p.req.not_enroll',
    'e.p.req.not_enroll',
    'e.p.req.not_enroll',
    'e.m.live-mode-not-supported',
  ]);
  // And one that comes in is answered by nothing (rule R28).
  expect(await client.ask(`${PICKUP}/problem-report`, { code: 'e.p.x' })).toEqual({ status: 202 });
});

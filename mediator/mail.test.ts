import { expect, test } from 'vitest';
import { lettersOf } from '../src/testing/mediator-client.ts';
import {
  countOf,
  newAccount,
  reportOf,
  sendLetter,
  testMediator,
} from '../src/testing/test-mediator.ts';

const PICKUP = 'https://didcomm.org/messagepickup/3.0';

test('mail waits until it is acknowledged, and only for its owner', async () => {
  const mediator = await testMediator();
  const a = await newAccount(mediator);
  const b = await newAccount(mediator);
  const letters = [await sendLetter(mediator, a, 'one'), await sendLetter(mediator, a, 'two')];
  const first = await a.client.ask(`${PICKUP}/delivery-request`, { limit: 10 });
  const again = await a.client.ask(`${PICKUP}/delivery-request`, { limit: 10 });
  expect(first.message?.type).toBe(`${PICKUP}/delivery`);
  const delivered = lettersOf(first.message);
  expect(delivered.map(({ packed }) => JSON.parse(packed))).toEqual(
    letters.map((letter) => JSON.parse(letter)),
  );
  expect(lettersOf(again.message)).toEqual(delivered);
  expect(first.message?.thid).toBeDefined();

  const ids = delivered.map(({ id }) => id);
  await b.client.ask(`${PICKUP}/messages-received`, { message_id_list: ids });
  const stolen = await b.client.ask(`${PICKUP}/delivery-request`, {
    limit: 10,
    recipient_did: a.client.peer.did,
  });
  expect(stolen.message?.body).toMatchObject({ message_count: 0 });
  const spied = await b.client.ask(`${PICKUP}/status-request`, {
    recipient_did: a.client.peer.did,
  });
  expect(spied.message?.body).toMatchObject({ message_count: 0, recipient_did: a.client.peer.did });
  expect(await countOf(a)).toBe(2);

  const acked = await a.client.ask(`${PICKUP}/messages-received`, {
    message_id_list: [...ids, 'unknown', '!!', ''],
  });
  expect(acked.message?.type).toBe(`${PICKUP}/status`);
  expect(acked.message?.body).toEqual({ message_count: 0, live_delivery: false });
});

test('the status of a full box has counts, sizes and times, all whole numbers', async () => {
  const start = Math.floor(Date.now() / 1000);
  let now = start * 1000 + 500;
  const mediator = await testMediator({ clock: { now: () => now } });
  const account = await newAccount(mediator);
  const letter = await sendLetter(mediator, account, 'one');
  now += 61_000;
  const { message } = await account.client.ask(`${PICKUP}/status-request`, {
    recipient_did: account.client.peer.did,
  });
  expect(message?.body).toEqual({
    recipient_did: account.client.peer.did,
    message_count: 1,
    longest_waited_seconds: 61,
    newest_received_time: start,
    oldest_received_time: start,
    total_bytes: JSON.stringify(JSON.parse(letter)).length,
    live_delivery: false,
  });
});

test('a page holds the messages asked for, at most 100 and at most 512 KiB', async () => {
  const mediator = await testMediator();
  const account = await newAccount(mediator);
  const size = async (limit: number) =>
    lettersOf((await account.client.ask(`${PICKUP}/delivery-request`, { limit })).message).length;
  for (let i = 0; i < 4; i += 1) await sendLetter(mediator, account, `message ${i}`);
  expect([await size(2), await size(4), await size(99)]).toEqual([2, 4, 4]);
  for (let i = 0; i < 3; i += 1) await sendLetter(mediator, account, 'x'.repeat(150_000));
  expect(await size(99)).toBe(6); // 4 small ones and two of 200 kB
});

test('live mode needs a connection that stays', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  for (const live_delivery of [true, 'true', false])
    expect(
      await reportOf(client, `${PICKUP}/live-delivery-change`, { live_delivery }),
    ).toMatchObject({
      code: 'e.m.live-mode-not-supported',
    });
});

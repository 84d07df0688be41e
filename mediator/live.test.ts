import { expect, test } from 'vitest';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { usableKeys } from '../src/didcomm/pack.ts';
import { utf8 } from '../src/lib/bytes.ts';
import {
  accountAt,
  askOn,
  goLive,
  PICKUP,
  pushedOn,
  sendTo,
  startLive,
} from '../src/testing/live-world.ts';
import { lettersOf, mediatorClient } from '../src/testing/mediator-client.ts';
import { documentOf } from '../src/testing/peer-did.ts';

const PICKUP_4 = 'https://didcomm.org/message-pickup/4.0';
const PING = 'https://didcomm.org/trust-ping/2.0/ping';

test('a replay neither closes a socket of its sender nor makes one live', async () => {
  const mediator = await startLive({ socketsPerAccount: 1 });
  const client = await accountAt(mediator);
  const socket = await mediator.socket();
  const change = await client.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true });
  socket.send(change);
  await socket.next();
  const thief = await mediator.socket();
  const keys = await usableKeys(await documentOf(mediator.identity.did));
  for (const replay of [change, await nativeEngine.anoncrypt(utf8(change), keys)]) {
    thief.send(replay);
    const { message } = await client.open((await thief.next()).text);
    expect(message.body['code']).toBe('e.p.crypto.message.dejavu');
  }
  const letter = await sendTo(mediator, client, 'for the owner');
  expect((await pushedOn(socket, client)).letters[0]?.packed).toBe(letter);
  // The socket is still nobody's: whoever proves a DID on it has it.
  const owner = await accountAt(mediator);
  expect((await goLive(thief, owner)).type).toBe(`${PICKUP}/status`);
});

test('in live mode mail comes by itself, in order, and stays until it is acknowledged', async () => {
  const mediator = await startLive();
  const client = await accountAt(mediator);
  const old = await sendTo(mediator, client, 'before');
  const socket = await mediator.socket();
  const status = await goLive(socket, client);
  expect(status.type).toBe(`${PICKUP}/status`);
  expect(status.body).toMatchObject({ message_count: 1, live_delivery: true });
  expect(await socket.silentFor(50)).toBe(true); // the queue is not flushed

  const sent = [
    await sendTo(mediator, client, 'one'),
    await sendTo(mediator, client, 'two'),
    await sendTo(mediator, client, 'three'),
  ];
  const ids: string[] = [];
  for (const letter of sent) {
    const { message, sender, letters } = await pushedOn(socket, client);
    expect(sender).toBe(mediator.identity.did);
    expect(message).toMatchObject({
      type: `${PICKUP}/delivery`,
      to: [client.peer.did],
      thid: status.thid,
    });
    expect(letters.map(({ packed }) => packed)).toEqual([letter]);
    ids.push(letters[0]!.id);
  }
  const queued = await client.ask(`${PICKUP}/delivery-request`, { limit: 10 });
  expect(lettersOf(queued.message).map(({ packed }) => packed)).toEqual([old, ...sent]);
  const acked = await askOn(socket, client, `${PICKUP}/messages-received`, {
    message_id_list: ids,
  });
  expect(acked.body).toMatchObject({ message_count: 1 });
});

test('live mode is of one socket and ends with it', async () => {
  const mediator = await startLive();
  const client = await accountAt(mediator);
  const live = await mediator.socket();
  const plain = await mediator.socket();
  await goLive(live, client, 'true');
  const status = await askOn(plain, client, `${PICKUP}/status-request`, {});
  expect(status.body).toMatchObject({ live_delivery: false });
  await sendTo(mediator, client, 'one');
  expect((await pushedOn(live, client)).letters).toHaveLength(1);
  expect(await plain.silentFor(50)).toBe(true);

  expect((await goLive(live, client, false)).body).toMatchObject({ live_delivery: false });
  await sendTo(mediator, client, 'two');
  expect(await live.silentFor(50)).toBe(true);
  live.close();
  const next = await mediator.socket();
  expect(await next.silentFor(50)).toBe(true);
  expect((await askOn(next, client, `${PICKUP}/status-request`, {})).body).toMatchObject({
    message_count: 2,
    live_delivery: false,
  });
});

test('a socket belongs to the first DID proved on it', async () => {
  const mediator = await startLive();
  const mine = await accountAt(mediator);
  const other = await accountAt(mediator);
  const socket = await mediator.socket();
  await goLive(socket, mine);
  const refused = await goLive(socket, other);
  expect(refused.body['code']).toBe('e.m.live-mode-not-supported');
  await sendTo(mediator, other, 'for the other one');
  expect(await socket.silentFor(50)).toBe(true);
  await sendTo(mediator, mine, 'for me');
  expect((await pushedOn(socket, mine)).letters).toHaveLength(1);
});

test('live mode needs a grant', async () => {
  const mediator = await startLive();
  const client = await mediatorClient(mediator.identity.did, mediator.post);
  const socket = await mediator.socket();
  expect((await goLive(socket, client)).body['code']).toBe('e.p.req.not_enroll');
});

test('answers to frames come on the socket whatever they ask for; binary frames are read', async () => {
  const mediator = await startLive();
  const client = await accountAt(mediator);
  const socket = await mediator.socket();
  for (const return_route of ['all', 'none', undefined]) {
    socket.send(Buffer.from(await client.pack(PING, {}, { return_route })));
    const { message } = await client.open((await socket.next()).text);
    expect(message.type).toBe(`${PING}-response`);
  }
});

test('frames of one socket are answered in their order', async () => {
  const mediator = await startLive();
  const client = await accountAt(mediator);
  const socket = await mediator.socket();
  const ids = Array.from({ length: 30 }, (_, i) => `ping-${i}`);
  const packed = await Promise.all(ids.map((id) => client.pack(PING, {}, { id })));
  for (const frame of packed) socket.send(frame);
  const answered: unknown[] = [];
  for (const _ of ids) answered.push((await client.open((await socket.next()).text)).message.thid);
  expect(answered).toEqual(ids);
});

test('garbage in a frame is answered by nothing, and the socket lives on', async () => {
  const mediator = await startLive();
  const client = await accountAt(mediator);
  const socket = await mediator.socket();
  for (const frame of ['', 'x', '{}', '['.repeat(5000), Buffer.from([0xff, 0x00])])
    socket.send(frame);
  expect((await askOn(socket, client, PING, {})).type).toBe(`${PING}-response`);
});

test('in 4.0 the window is refilled once it is acknowledged, for no status tells of the rest', async () => {
  const mediator = await startLive({ unackedPushes: 2 });
  const client = await accountAt(mediator);
  const socket = await mediator.socket();
  await askOn(socket, client, `${PICKUP_4}/live-delivery-change`, { live_delivery: true });
  const sent = [];
  for (const text of ['1', '2', '3', '4', '5']) sent.push(await sendTo(mediator, client, text));
  const got: string[] = [];
  while (got.length < sent.length) {
    const ids: string[] = [];
    for (let i = 0; i < 2 && got.length < sent.length; i += 1) {
      const { message, letters } = await pushedOn(socket, client);
      expect(message.type).toBe(`${PICKUP_4}/delivery`);
      got.push(...letters.map(({ packed }) => packed));
      ids.push(...letters.map(({ id }) => id));
    }
    expect(await socket.silentFor(30)).toBe(true);
    socket.send(await client.pack(`${PICKUP_4}/messages-received`, { message_id_list: ids }));
  }
  expect(got.map((packed) => JSON.parse(packed))).toEqual(sent.map((packed) => JSON.parse(packed)));
  expect(await socket.silentFor(30)).toBe(true);
});

test('what a page had no room for is pushed after it', async () => {
  const mediator = await startLive({ unackedPushes: 2, innerBytes: 4_000 });
  const client = await accountAt(mediator);
  const socket = await mediator.socket();
  await askOn(socket, client, `${PICKUP_4}/live-delivery-change`, { live_delivery: true });
  const sent = [];
  for (const text of ['1', '2', '3', '4', '5'])
    sent.push(await sendTo(mediator, client, text.padEnd(1_500, 'x')));
  const got: string[] = [];
  for (const count of [2, 1, 1, 1]) {
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const { letters } = await pushedOn(socket, client);
      got.push(...letters.map(({ packed }) => packed));
      ids.push(...letters.map(({ id }) => id));
    }
    socket.send(await client.pack(`${PICKUP_4}/messages-received`, { message_id_list: ids }));
  }
  expect(got).toEqual(sent);
});

test('at /ws/bin everything goes out in binary frames', async () => {
  const mediator = await startLive();
  const client = await accountAt(mediator);
  const socket = await mediator.socket('/ws/bin');
  socket.send(await client.pack(`${PICKUP}/live-delivery-change`, { live_delivery: true }));
  const answer = await socket.next();
  expect(answer.binary).toBe(true);
  expect((await client.open(answer.text)).message.type).toBe(`${PICKUP}/status`);
  const letter = await sendTo(mediator, client, 'one');
  const pushed = await socket.next();
  expect(pushed.binary).toBe(true);
  expect(lettersOf((await client.open(pushed.text)).message).map(({ packed }) => packed)).toEqual([
    letter,
  ]);
});

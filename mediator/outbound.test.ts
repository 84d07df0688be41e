import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { lettersOf, mediatorClient } from '../src/testing/mediator-client.ts';
import { newPeer } from '../src/testing/peer.ts';
import { runningMediator } from '../src/testing/running-mediator.ts';
import { testMediator } from '../src/testing/test-mediator.ts';

const CM = 'https://didcomm.org/coordinate-mediation/3.0';
const PICKUP = 'https://didcomm.org/messagepickup/3.0';
const PING = 'https://didcomm.org/trust-ping/2.0/ping';

test('an answer to who has its mailbox at another mediator goes there in a forward', async () => {
  const home = await runningMediator();
  const asked = await testMediator({ url: 'http://localhost:1' });
  const peer = await newPeer([{ uri: home.identity.routingDid }]);
  const there = await mediatorClient(home.identity.did, home.post, peer);
  await there.ask(`${CM}/mediate-request`, {});
  const here = await asked.client(peer);
  expect(await here.ask(PING, {}, { id: 'ping-1', return_route: 'none' })).toEqual({ status: 202 });
  const { message } = await there.ask(`${PICKUP}/delivery-request`, { limit: 9 });
  const [letter, ...more] = lettersOf(message);
  expect(more).toEqual([]);
  const answer = await here.open(letter?.packed ?? '');
  expect(answer.sender).toBe(asked.identity.did);
  expect(answer.message).toMatchObject({ type: `${PING}-response`, thid: 'ping-1' });
  await home.close();
  expect(home.faults).toEqual([]);
});

/** What is POSTed to it; at the path `down` it answers 500. */
async function listener(down?: string) {
  const posted: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { url: path = '' } = request;
      posted.push({ path, body: Buffer.concat(parts).toString() });
      response.writeHead(path === down ? 500 : 202).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { posted, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

test('an answer goes by the first of its receiver’s services that takes it, in their order', async () => {
  const asked = await testMediator({ url: 'http://localhost:1' });
  const { posted, url, close } = await listener('/down');
  const ours = asked.identity.routingDid;
  const pathsOf = async (...uris: string[]): Promise<unknown[]> => {
    const client = await asked.client(await newPeer(uris.map((uri) => ({ uri }))));
    await client.ask(`${CM}/mediate-request`, {});
    posted.length = 0;
    expect(await client.ask(PING, {}, { return_route: 'none' })).toEqual({ status: 202 });
    const { message } = await client.ask(`${PICKUP}/status-request`, {});
    return [...posted.map(({ path }) => path), message?.body['message_count']];
  };
  expect(await pathsOf(`${url}/a`, ours)).toEqual(['/a', 0]);
  expect(await pathsOf(ours, `${url}/a`)).toEqual([1]);
  expect(await pathsOf(`${url}/down`, `${url}/a`, `${url}/b`)).toEqual(['/down', '/a', 0]);
  expect(await pathsOf('didcomm:transport/queue', `${url}/down`, ours)).toEqual(['/down', 1]);
  // No more than three are tried for one answer.
  const deaf = await newPeer(Array(3).fill({ uri: `${url}/down` }));
  expect(await pathsOf(deaf.did, `${url}/a`)).toEqual(['/down', '/down', '/down', 0]);
  close();
  expect(asked.faults).toEqual([]);
});

test('routing keys are wrapped for, from the last to the first, also those of a mediator that is an endpoint', async () => {
  const asked = await testMediator({ url: 'http://localhost:1' });
  const { posted, url, close } = await listener();
  const [gate, inner] = await Promise.all([newPeer(), newPeer()]);
  const unwrap = async (packed: string, by: typeof gate) => {
    const { message } = await (await asked.client(by)).open(packed);
    const [attachment] = message.attachments ?? [];
    return [message.body['next'], JSON.stringify(attachment?.data.json)] as const;
  };
  const keys = [gate.agreement.kid, inner.did];
  const mediator = await newPeer([{ uri: `${url}/mediator`, routingKeys: [gate.agreement.kid] }]);
  const direct = await asked.client(await newPeer([{ uri: `${url}/gate`, routingKeys: keys }]));
  const behind = await asked.client(await newPeer([{ uri: mediator.did }]));
  for (const client of [direct, behind]) await client.ask(PING, {}, { return_route: 'none' });

  const [first, second] = posted;
  const [nextOfGate, forInner] = await unwrap(first?.body ?? '', gate);
  const [nextOfInner, forDirect] = await unwrap(forInner, inner);
  expect([first?.path, nextOfGate, nextOfInner]).toEqual(['/gate', inner.did, direct.peer.did]);
  expect((await direct.open(forDirect)).message.type).toBe(`${PING}-response`);
  const [nextOfOuter, forMediator] = await unwrap(second?.body ?? '', gate);
  const [nextOfMediator, forBehind] = await unwrap(forMediator, mediator);
  expect([second?.path, nextOfOuter]).toEqual(['/mediator', mediator.did]);
  expect(nextOfMediator).toBe(behind.peer.did);
  expect((await behind.open(forBehind)).message.type).toBe(`${PING}-response`);

  for (const routingKeys of [[`${gate.did}#key-9`], Array<string>(6).fill(gate.did), ['did:x:y']]) {
    const client = await asked.client(await newPeer([{ uri: url, routingKeys }]));
    expect(await client.ask(PING, {}, { return_route: 'none' })).toEqual({ status: 202 });
  }
  expect(posted).toHaveLength(2);
  close();
  expect(asked.faults).toEqual([]);
});

test('an answer that cannot be sent is dropped', async () => {
  const asked = await testMediator();
  for (const uri of ['http://127.0.0.1:9/', 'https://printer.local/', asked.identity.routingDid]) {
    const client = await asked.client(await newPeer([{ uri }]));
    expect(await client.ask(PING, {}, { return_route: 'none' })).toEqual({ status: 202 });
  }
  expect((await asked.store.stats()).messages).toBe(0);
  expect(asked.faults).toEqual([]);
});

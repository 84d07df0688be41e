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

test('an answer that cannot be sent is dropped', async () => {
  const asked = await testMediator();
  for (const uri of ['http://127.0.0.1:9/', 'https://printer.local/', asked.identity.routingDid]) {
    const client = await asked.client(await newPeer([{ uri }]));
    expect(await client.ask(PING, {}, { return_route: 'none' })).toEqual({ status: 202 });
  }
  expect((await asked.store.stats()).messages).toBe(0);
  expect(asked.faults).toEqual([]);
});

import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { TurnCredentials, TurnRequest } from '../src/protocols/turn-credentials/messages.ts';
import { newAccount, reportOf, testMediator } from '../src/testing/test-mediator.ts';

const turn = {
  urls: ['turn:turn.example:3478', 'turns:turn.example:443?transport=tcp'],
  secret: 's3cret',
};
const QUERIES = 'https://didcomm.org/discover-features/2.0/queries';
const now = 1_800_000_000_000;

/** What the mediator discloses about the protocol. */
async function disclosed(mediator: Awaited<ReturnType<typeof testMediator>>): Promise<unknown> {
  const client = await mediator.client();
  const match = TurnRequest.type.replace(/\/request$/, '');
  const { message } = await client.ask(QUERIES, {
    queries: [{ 'feature-type': 'protocol', match }],
  });
  return message?.body['disclosures'];
}

test('an account is lent what coturn can check, under a name that says nothing', async () => {
  const mediator = await testMediator({ turn, clock: { now: () => now } });
  const { client } = await newAccount(mediator);
  const ask = async () => {
    const { message } = await client.ask(TurnRequest.type, {});
    expect(message?.type).toBe(TurnCredentials.type);
    return v.parse(TurnCredentials.body, message?.body);
  };
  const { ice_servers: servers, expires_time: end } = await ask();
  const [server] = servers;
  expect(servers).toHaveLength(1);
  expect(end).toBe(now / 1000 + 600);
  expect(server?.urls).toEqual(turn.urls);
  expect(server?.username).toMatch(new RegExp(`^${end}:[0-9a-f]{16}$`));
  // coturn's own check: base64(HMAC-SHA1(secret, user name))
  const expected = createHmac('sha1', turn.secret).update(server!.username).digest('base64');
  expect(server?.credential).toBe(expected);
  expect((await ask()).ice_servers[0]?.username).not.toBe(server?.username);
  expect(await disclosed(mediator)).toMatchObject([{ roles: ['mediator'] }]);
});

test('nobody else is', async () => {
  const mediator = await testMediator({ turn });
  expect(await reportOf(await mediator.client(), TurnRequest.type, {})).toMatchObject({
    code: 'e.p.req.not_enroll',
  });
});

test('a mediator without a relay says so, and does not claim to have one', async () => {
  const mediator = await testMediator();
  const { client } = await newAccount(mediator);
  expect(await reportOf(client, TurnRequest.type, {})).toMatchObject({ code: 'e.p.me.res.relay' });
  expect(await disclosed(mediator)).toEqual([]);
});

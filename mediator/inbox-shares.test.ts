import { expect, test } from 'vitest';
import { forwardOf, letterFor } from '../src/testing/mediator-client.ts';
import { newAccount, testMediator, type Account } from '../src/testing/test-mediator.ts';
import { STORE_LIMITS } from './store/types.ts';

const PICKUP = 'https://didcomm.org/messagepickup/3.0';

test('one address fills a fifth of an inbox until something is fetched; the others still come in', async () => {
  const limits = { store: { ...STORE_LIMITS, messagesPerInbox: 600 } };
  const mediator = await testMediator({ limits });
  const account = await newAccount(mediator);
  const send = async (client: string, { client: to, routingDid }: Account = account) => {
    const letter = await letterFor(to.peer, crypto.randomUUID());
    return (await mediator.post(await forwardOf(letter, to.peer.did, routingDid), { client }))
      .status;
  };
  for (let i = 0; i < 120; i += 1) expect(await send('192.0.2.9')).toBe(202);
  expect(await send('192.0.2.9')).toBe(507);
  expect(await send('192.0.2.10')).toBe(202);
  expect(await send('192.0.2.9', await newAccount(mediator))).toBe(202);
  const { message } = await account.client.ask(`${PICKUP}/delivery-request`, { limit: 1 });
  const ids = (message?.attachments ?? []).map(({ id }) => id);
  await account.client.ask(`${PICKUP}/messages-received`, { message_id_list: ids });
  expect(await send('192.0.2.9')).toBe(202);
});

test('what comes over a proxy or from this machine is of many, and has no share', async () => {
  const mediator = await testMediator({ limits: { inboxShare: 0 } });
  const { client, routingDid } = await newAccount(mediator);
  for (let i = 0; i < 101; i += 1) {
    const forward = await forwardOf(
      await letterFor(client.peer, `${i}`),
      client.peer.did,
      routingDid,
    );
    expect((await mediator.post(forward, { client: '127.0.0.1' })).status).toBe(202);
  }
});

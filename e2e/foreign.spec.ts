import type { Page } from '@playwright/test';
import type { IMessage } from 'didcomm-node';
import { expect, test } from './fixtures.ts';
import { foreignWallet, type ForeignWallet } from './peers/foreign-wallet.ts';
import { drawCode } from './qr.ts';
import {
  answer,
  expectChatWith,
  expectState,
  expectTexts,
  inviteLong,
  onboard,
  scanWithCamera,
  send,
} from './steps.ts';

const TEXT = 'https://didcomm.org/basicmessage/2.0/message';
const RECEIPTS = 'https://didcomm.org/receipts/1.0';

const textsOf = (messages: readonly IMessage[]): string[] =>
  messages.filter(({ type }) => type === TEXT).map(({ body }) => (body as Text).content);
interface Text {
  readonly content: string;
}

const expectReceivedTexts = (foreign: ForeignWallet, texts: readonly string[]): Promise<void> =>
  expect.poll(async () => textsOf(await foreign.received())).toEqual(texts);

const say = (foreign: ForeignWallet, content: string): Promise<string> =>
  foreign.send({ type: TEXT, body: { content } });

/** It asks for receipts, says something and is told that it arrived. */
async function expectReceiptFor(foreign: ForeignWallet, content: string): Promise<void> {
  await foreign.send({
    type: `${RECEIPTS}/request-receipts`,
    body: { requested_receipts: [{ message_type: TEXT }] },
  });
  const id = await say(foreign, content);
  const confirmed = async () =>
    (await foreign.received())
      .filter(({ type }) => type === `${RECEIPTS}/message-receipts`)
      .flatMap(({ body }) => (body as { receipts: unknown[] }).receipts);
  await expect
    .poll(confirmed)
    .toEqual([expect.objectContaining({ message_id: id, state: 'received' })]);
}

/** It confirms what the browser's wallet wrote last. */
async function confirmLastText(foreign: ForeignWallet): Promise<void> {
  const last = (await foreign.received()).findLast(({ type }) => type === TEXT);
  const receipt = { message_id: last?.id, state: 'received', timestamp: 1_763_690_000 };
  await foreign.send({ type: `${RECEIPTS}/message-receipts`, body: { receipts: [receipt] } });
}

const printed = async (page: Page, path: string): Promise<string> =>
  (await page.request.get(path)).text();

test('a foreign wallet answers our link and follows us to the address behind it', async ({
  alice,
  mediator,
}) => {
  const page = await onboard(alice, 'Alice');
  const foreign = foreignWallet();
  await foreign.join(await printed(page, `${mediator.url}/invitation`), '2.0');
  await foreign.accept((await inviteLong(alice)).link, 'Fremda');
  await expectChatWith(alice, 'Fremda');

  // Alice moves away from the address that stood on her screen, with a proof.
  await expect.poll(async () => (await foreign.received()).length).toBeGreaterThan(0);
  expect(foreign.contactDids).toHaveLength(2);
  const profile = (await foreign.received()).find(({ type }) => type.includes('/user-profile/'));
  expect(profile?.body).toMatchObject({ profile: { displayName: 'Alice' } });

  await expectReceiptFor(foreign, 'Saluton');
  await expectTexts(alice, ['Saluton']);
  await send(alice, 'Hello stranger');
  await expectReceivedTexts(foreign, ['Hello stranger']);
  await expectState(alice, 'Hello stranger', 'Sent');
  await confirmLastText(foreign);
  await expectState(alice, 'Hello stranger', 'Delivered');
});

test('we scan the link of a foreign wallet and follow it to a new address', async ({
  alice,
  mediator,
  page,
}) => {
  await onboard(alice, 'Alice');
  const foreign = foreignWallet();
  await foreign.join(await printed(page, `${mediator.url}/invitationOOB`), '3.0');
  await scanWithCamera(alice, await drawCode(page, await foreign.invite('Fremda'), 3));
  await answer(alice, 'Fremda', 'Accept');
  await expectChatWith(alice, 'Fremda');
  await expect.poll(() => foreign.received()).not.toEqual([]);

  await foreign.rotate();
  await expectReceiptFor(foreign, 'Saluton de nova adreso');
  expect(foreign.moveSeen).toBe(true);
  await expectTexts(alice, ['Saluton de nova adreso']);
  await send(alice, 'Found you');
  await expectReceivedTexts(foreign, ['Found you']);
  await confirmLastText(foreign);
  await expectState(alice, 'Found you', 'Delivered');
});

test('a foreign wallet pings us, and is told what we do not speak', async ({ alice, mediator }) => {
  const page = await onboard(alice, 'Alice');
  const foreign = foreignWallet();
  await foreign.join(await printed(page, `${mediator.url}/invitation`), '3.0');
  await foreign.accept((await inviteLong(alice)).link, 'Fremda');
  await expectChatWith(alice, 'Fremda');
  const ping = await foreign.send({ type: 'https://didcomm.org/trust-ping/2.0/ping' });
  const chess = await foreign.send({ type: 'https://example.org/chess/1.0/move' });
  const answers = async () =>
    (await foreign.received()).map(({ type, thid, pthid, body }) => ({ type, thid, pthid, body }));
  await expect.poll(answers).toContainEqual(
    expect.objectContaining({
      type: 'https://didcomm.org/trust-ping/2.0/ping-response',
      thid: ping,
    }),
  );
  await expect.poll(answers).toContainEqual(
    expect.objectContaining({
      type: 'https://didcomm.org/report-problem/2.0/problem-report',
      pthid: chess,
      body: expect.objectContaining({ code: 'e.p.msg.unsupported' }),
    }),
  );
});

test('mail that their mailbox does not take is shown as failed, and can be sent again', async ({
  alice,
  mediator,
}) => {
  const page = await onboard(alice, 'Alice');
  const foreign = foreignWallet();
  await foreign.join(await printed(page, `${mediator.url}/invitation`), '3.0');
  await foreign.accept((await inviteLong(alice)).link, 'Fremda');
  await expectChatWith(alice, 'Fremda');
  await foreign.setReachable(false);
  await send(alice, 'Anybody home?');
  await expect(page.getByRole('article')).toContainText('Failed');
  await expect(page.getByText('Their mailbox does not know Fremda any more.')).toBeVisible();
  await foreign.setReachable(true);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectState(alice, 'Anybody home?', 'Sent');
  await expectReceivedTexts(foreign, ['Anybody home?']);
});

test('a code that somebody used lets nobody else in', async ({ alice, mediator }) => {
  const page = await onboard(alice, 'Alice');
  const { link } = await inviteLong(alice);
  const [first, second] = [foreignWallet(), foreignWallet()];
  for (const foreign of [first, second])
    await foreign.join(await printed(page, `${mediator.url}/invitation`), '3.0');
  await first.accept(link, 'First');
  await expectChatWith(alice, 'First');
  await second.accept(link, 'Second');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Diagnostics' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toContainText(['invite']);
  await page.getByRole('link', { name: 'Chats', exact: true }).click();
  const rows = page.getByRole('list', { name: 'Chats' }).getByRole('link');
  await expect(rows).toHaveCount(1);
  // It hears that the code is over, once, and nothing else.
  await expect
    .poll(async () => (await second.received()).map(({ body }) => body['code'] as unknown))
    .toEqual(['e.p.req.invitation-over']);
});

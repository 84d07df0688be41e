import { expect, test } from './fixtures.ts';
import {
  acceptAutomatically,
  answer,
  choosePicture,
  expectChatWith,
  expectNoChats,
  expectState,
  expectTexts,
  invite,
  onboard,
  onboardAll,
  openChat,
  paste,
  question,
  scanWithCamera,
  send,
} from './steps.ts';

test('two people meet by the camera and chat', async ({ alice, bob }) => {
  await onboardAll(alice, bob);
  const { picture } = await invite(alice);
  await scanWithCamera(bob, picture);
  await answer(bob, 'Alice', 'Accept');
  // Nobody touches Alice's screen: it turns to the chat by itself.
  await expectChatWith(alice, 'Bob');
  await expectChatWith(bob, 'Alice');

  await send(bob, 'Hello Alice');
  await expectTexts(alice, ['Hello Alice']);
  await expectState(bob, 'Hello Alice', 'Delivered');
  await send(alice, 'Hello Bob');
  await expectTexts(bob, ['Hello Alice', 'Hello Bob']);
  await expectState(alice, 'Hello Bob', 'Delivered');
});

test('a link opened where Parley was never used leads past the name to the chat', async ({
  alice,
  bob,
}) => {
  await onboard(alice, 'Alice');
  const { pathname, hash } = new URL((await invite(alice)).link);
  const page = await bob.open(pathname + hash);
  for (const act of [() => Promise.resolve(), () => page.reload()]) {
    await act();
    await expect(page.getByText('Alice invited you')).toBeVisible();
    expect(page.url()).not.toContain('#');
  }
  await page.getByRole('textbox', { name: 'Your name' }).fill('Bob');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(question(bob, 'Alice')).toBeVisible();
  await page.reload();
  await answer(bob, 'Alice', 'Accept');
  await expectChatWith(alice, 'Bob');
  await expectChatWith(bob, 'Alice');
});

test('they meet by a picture of the code, after one that was declined', async ({ alice, bob }) => {
  await onboardAll(alice, bob);
  const { picture } = await invite(alice);
  await choosePicture(bob, picture);
  await answer(bob, 'Alice', 'Decline');
  await expectNoChats(bob);
  await choosePicture(bob, picture);
  await answer(bob, 'Alice', 'Accept');
  await expectChatWith(alice, 'Bob');
  await expectChatWith(bob, 'Alice');
});

test('an inviter who wants to be asked accepts on the Invite screen', async ({ alice, bob }) => {
  await onboardAll(alice, bob);
  const { link } = await invite(alice);
  await acceptAutomatically(alice, false);
  await paste(bob, link);
  await answer(bob, 'Alice', 'Accept');
  await expect(question(alice, 'Bob')).toBeVisible();
  await send(bob, 'It is me');
  await expectState(bob, 'It is me', 'Sent');
  await expect(bob.page.getByText('Waiting for Alice to answer')).toBeVisible();

  await answer(alice, 'Bob', 'Accept');
  await expectChatWith(alice, 'Bob');
  await expectTexts(alice, ['It is me']);
  await expectState(bob, 'It is me', 'Delivered');
});

test('an inviter who looks elsewhere accepts from the chat list', async ({ alice, bob }) => {
  await onboardAll(alice, bob);
  const { link } = await invite(alice);
  await acceptAutomatically(alice, false);
  await alice.page.getByRole('link', { name: 'Chats', exact: true }).click();
  await paste(bob, link);
  await answer(bob, 'Alice', 'Accept');
  const row = alice.page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: 'Bob' });
  await expect(row).toHaveAccessibleDescription(/^Wants to connect/);
  await openChat(alice, 'Bob');
  await answer(alice, 'Bob', 'Accept');
  await expectChatWith(alice, 'Bob');
  await send(alice, 'Come in');
  await expectTexts(bob, ['Come in']);
});

test('an inviter who declines gets a fresh code, and the other hears nothing', async ({
  alice,
  bob,
}) => {
  await onboardAll(alice, bob);
  const { link } = await invite(alice);
  await acceptAutomatically(alice, false);
  await paste(bob, link);
  await answer(bob, 'Alice', 'Accept');
  await answer(alice, 'Bob', 'Decline');
  await expect(alice.page.getByText('Declined. Here is a fresh code.')).toBeVisible();
  expect((await invite(alice)).link).not.toBe(link);
  await expectNoChats(alice);
  await send(bob, 'Are you there?');
  // Whether her mailbox still knows the address of the old code is a race between the two.
  const text = bob.page.getByRole('article');
  await expect(text).toContainText(/Sent|Failed/);
  const isSent = /Sent/.test((await text.textContent()) ?? '');
  const told = isSent ? 'Waiting for Alice to answer' : 'This code does not work any more';
  await expect(bob.page.getByText(told)).toBeVisible();
  await expectNoChats(alice);
});

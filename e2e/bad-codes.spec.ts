import type { Page } from '@playwright/test';
import { faultWords } from '../src/ui/words/codes.ts';
import { mailbox } from '../src/ui/words/mailbox.ts';
import { badCodes, invitation, link, strangeNames } from './bad-codes.ts';
import { expect, test } from './fixtures.ts';
import { drawCode } from './qr.ts';
import {
  answer,
  choosePicture,
  expectChatWith,
  invite,
  meet,
  onboard,
  onboardAll,
  openPaste,
  paste,
  question,
  scanWithCamera,
  waitForMailbox,
} from './steps.ts';
import type { Wallet } from './wallet.ts';

const expectAlert = (page: Page, sentence: string): Promise<void> =>
  expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveText(sentence);

/** One contact, no message on its way out, none refused. */
async function expectOnlyContact({ page }: Wallet, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Diagnostics' }).click();
  await expect(page.getByRole('main')).toContainText(/Messages waiting to leave\s*0/);
  await page.getByRole('link', { name: 'Chats', exact: true }).click();
  const rows = page.getByRole('list', { name: 'Chats' }).getByRole('link');
  await expect(rows).toHaveCount(1);
  await expect(rows).toHaveAccessibleName(name);
}

test('each bad code, pasted, gets its own sentence and changes nothing', async ({ alice, bob }) => {
  test.slow(); // half a hundred codes
  await meet(alice, bob);
  const { page } = bob;
  const own = (await invite(bob)).link;
  const codes = [
    ...badCodes
      .filter(({ fault }) => fault.kind !== 'mailbox')
      .map(({ name, text, fault }) => ({ name, text, sentence: faultWords(fault) })),
    { name: 'our own', text: own, sentence: faultWords({ kind: 'own' }) },
  ];
  const field = await openPaste(bob);
  const proceed = page.getByRole('button', { name: 'Continue' });
  for (const { name, text, sentence } of codes) {
    await test.step(name, async () => {
      // Another sentence in between, so that the one before cannot be taken for the one awaited.
      await field.fill('');
      await proceed.click();
      await expectAlert(page, 'Paste an invitation link first.');
      await field.fill(text);
      await proceed.click();
      await expectAlert(page, sentence);
    });
  }
  await expectOnlyContact(bob, 'Alice');
});

test('a code of a mailbox asks whether to use it, and of the own one says so', async ({
  bob,
  mediator,
}) => {
  await onboard(bob, 'Bob');
  await waitForMailbox(bob);
  const { page } = bob;
  for (const path of ['/invitation', '/invitationOOB']) {
    await paste(bob, await (await page.request.get(mediator.url + path)).text());
    await expectAlert(page, mailbox.faults['in-use']);
    await page.getByRole('button', { name: 'Close' }).click();
  }
  const [foreign] = badCodes.filter(({ fault }) => fault.kind === 'mailbox');
  await paste(bob, foreign?.text ?? '');
  await expect(page.getByRole('heading', { name: mailbox.question })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('mail.example.com');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('main')).toContainText(new URL(mediator.url).host);
});

test('a code used before leads to the chat it made', async ({ alice, bob }) => {
  await onboardAll(alice, bob);
  const { link: used } = await invite(alice);
  for (const time of ['first', 'second']) {
    await test.step(`${time} time`, async () => {
      await paste(bob, used);
      if (time === 'first') await answer(bob, 'Alice', 'Accept');
      await expectChatWith(bob, 'Alice');
    });
  }
  await expect(bob.page.getByRole('status').getByText('You already know Alice.')).toBeVisible();
  await expectOnlyContact(bob, 'Alice');
});

test('bad codes before the camera, in pictures and in the address bar', async ({
  alice,
  mediator,
  page: studio,
}) => {
  const page = await onboard(alice, 'Alice', `/i?_oob=${'A'.repeat(60)}`);
  await test.step('a link that was opened before there was a wallet', async () => {
    await expect(page.getByRole('heading', { name: 'This code cannot be used' })).toBeVisible();
    await expectAlert(page, faultWords({ kind: 'malformed' }));
    expect(page.url()).not.toContain('_oob');
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('heading', { name: 'Chats' })).toBeVisible();
  });
  await test.step('a web page before the camera', async () => {
    await scanWithCamera(alice, await drawCode(studio, 'http://example.org/', 8));
    await expectAlert(page, faultWords({ kind: 'not-an-invitation' }));
  });
  await test.step('pictures', async () => {
    for (const { text, fault } of badCodes.filter(({ name }) => PICTURED.includes(name))) {
      await choosePicture(alice, await drawCode(studio, text, 4));
      await expectAlert(page, faultWords(fault));
    }
    await studio.setContent('<p>no code here');
    await choosePicture(alice, await studio.screenshot());
    await expectAlert(page, 'There is no code in this picture. Try another one.');
  });
  await test.step('a link that is opened, and one that the system hands over', async () => {
    const { search } = new URL(link(invitation({ expires_time: 1 })));
    await page.goto(`${mediator.url}/i${search}`);
    await expectAlert(page, faultWords({ kind: 'expired' }));
    const handed = encodeURIComponent('web+didcomm://?_oobid=3f0c1b2a');
    await page.goto(`${mediator.url}/open?u=${handed}`);
    await expectAlert(page, faultWords({ kind: 'unreachable' }));
  });
});

const PICTURED = ['a Wi-Fi code', 'a day too old', 'a sender without an address'];

test('a strange name is shown as plain text, and declining leaves nothing', async ({ alice }) => {
  await onboard(alice, 'Alice');
  for (const [body, shown] of strangeNames) {
    await test.step(shown, async () => {
      await paste(alice, link(invitation({ body })));
      await expect(question(alice, shown)).toHaveText(`Connect with ${shown}?`);
      await answer(alice, shown, 'Decline');
      await expect(alice.page.getByText('No chats yet.')).toBeVisible();
    });
  }
});

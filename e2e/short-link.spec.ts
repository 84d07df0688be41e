import { expect, test } from './fixtures.ts';
import { startMediator } from './mediator-process.ts';
import {
  answer,
  expectChatWith,
  expectTexts,
  invite,
  onboard,
  onboardAll,
  openChat,
  paste,
  question,
  send,
  waitForMailbox,
} from './steps.ts';
import { launchWallet, type Wallet } from './wallet.ts';

/** The short link that stands on the Invite screen by itself. */
async function shortLink(wallet: Wallet): Promise<string> {
  const { link } = await invite(wallet);
  expect(link).toMatch(/^http:\/\/localhost:\d+\/i#[\w-]{43}$/);
  return link;
}

async function revokeShown({ page }: Wallet): Promise<void> {
  await page.getByRole('button', { name: 'Invite' }).click();
  const code = page.getByRole('listitem').filter({ hasText: 'The code shown here' });
  await code.getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke this code?' });
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('Code revoked.')).toBeVisible();
  await expect(dialog).toBeHidden();
}

test('a short link opened without a network opens by itself later; a revoked one says so', async ({
  alice,
  bob,
  launch,
}) => {
  await onboardAll(alice, bob);
  await waitForMailbox(bob);
  const link = await shortLink(alice);
  const { page } = bob;

  await test.step('offline it waits, in the chats too and after a reload', async () => {
    await bob.setOffline(true);
    await paste(bob, link);
    await expect(page.getByText('Opens when online')).toBeVisible();
    await page.reload();
    await page.getByRole('link', { name: 'Close' }).click();
    const row = page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: 'Invitation' });
    await expect(row).toHaveAccessibleDescription('Opens when online');
    await row.click();
    await bob.setOffline(false);
    await answer(bob, 'Alice', 'Accept');
    await expectChatWith(alice, 'Bob');
    await expectChatWith(bob, 'Alice');
  });

  await test.step('the server keeps only what nobody can read, and answers for it alone', async () => {
    await bob.open('/i/AAAAAAAAAAAAAAAAAAAAAA').catch((error: unknown) => {
      // A response without content and with an error status: Chromium shows its own page.
      expect(String(error)).toContain('ERR_HTTP_RESPONSE_CODE_FAILURE');
    });
    await expect(bob.page.getByRole('navigation')).toHaveCount(0);
    await bob.closePage();
  });

  await test.step('a revoked code lets nobody in', async () => {
    const revoked = await shortLink(alice);
    await revokeShown(alice);
    await expect
      .poll(() => alice.page.getByRole('textbox', { name: 'Invitation link' }).inputValue())
      .not.toBe(revoked);
    const carol = await launch('carol');
    const { pathname, hash } = new URL(revoked);
    const carols = await carol.open(pathname + hash);
    await expect(carols.getByText('This invitation is over')).toBeVisible();
    await carols.getByRole('textbox', { name: 'Your name' }).fill('Carol');
    await carols.getByRole('button', { name: 'Start' }).click();
    await expect(
      carols.getByText('This code was already used or withdrawn, or its time is over.'),
    ).toBeVisible();
    // Said once: it waits in no list, however the screen is left.
    await carols.getByRole('link', { name: 'Chats', exact: true }).click();
    await expect(carols.getByText('No chats yet.')).toBeVisible();
    expect(carols.url()).not.toContain('#');
  });
});

test('a link of another host is asked for after a tap', async ({ launch, mediator }) => {
  const elsewhere = await startMediator([]);
  const alice = await launch('alice', { peers: [elsewhere.url] });
  const bob = await launchWallet('bob', elsewhere.url, { peers: [mediator.url] });
  try {
    await onboard(alice, 'Alice');
    const link = await shortLink(alice);
    const page = await onboard(bob, 'Bob');
    await paste(bob, link);
    await expect(page.getByRole('heading', { name: 'Open this link?' })).toBeVisible();
    await expect(page.getByText(new URL(link).host)).toBeVisible();
    await page.getByRole('button', { name: 'Continue' }).click();
    await answer(bob, 'Alice', 'Accept');
    await expectChatWith(alice, 'Bob');
    await send(bob, 'From another mailbox');
    await expectTexts(alice, ['From another mailbox']);
    expect(bob.complaints).toEqual([]);
  } finally {
    await bob.dispose();
    await elsewhere.dispose();
  }
});

test('a code for several people connects two, and revoking it keeps both', async ({
  alice,
  bob,
  launch,
}) => {
  const carol = await launch('carol');
  await onboardAll(alice, bob, carol);
  const link = await shortLink(alice);
  const { page } = alice;
  const several = page.getByRole('switch', { name: 'For several people' });
  await several.focus();
  await page.keyboard.press('Space');
  await expect(several).toBeChecked();
  await expect(page.getByRole('switch', { name: 'Accept automatically' })).not.toBeChecked();
  for (const [guest, name] of [
    [bob, 'Bob'],
    [carol, 'Carol'],
  ] as const) {
    await paste(guest, link);
    await answer(guest, 'Alice', 'Accept');
    await openChat(alice, name);
    await expect(question(alice, name)).toBeVisible();
    await answer(alice, name, 'Accept');
    await expectChatWith(alice, name);
    await send(guest, `${name} is here`);
    await expectTexts(alice, [`${name} is here`]);
  }
  await page.getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByText('2 people have used it')).toBeVisible();
  await revokeShown(alice);
  await openChat(alice, 'Bob');
  await send(alice, 'You are still in');
  await expectTexts(bob, ['Bob is here', 'You are still in']);
  await send(carol, 'So am I');
  await openChat(alice, 'Carol');
  await expectTexts(alice, ['Carol is here', 'So am I']);
});

test('a code for one person that was used: opening it says so, and who answered it all the same is told', async ({
  alice,
  bob,
  launch,
}) => {
  const [carol, dave] = [await launch('carol'), await launch('dave')];
  await onboardAll(alice, bob, carol, dave);
  const link = await shortLink(alice);
  await paste(carol, link);
  await expect(question(carol, 'Alice')).toBeVisible();
  await paste(bob, link);
  await answer(bob, 'Alice', 'Accept');
  await expectChatWith(alice, 'Bob');
  await expectChatWith(bob, 'Alice');

  await test.step('opened now, it says that it is over', async () => {
    const over = dave.page.getByText('This code was already used or withdrawn');
    // The link is withdrawn a moment after the answer came.
    await expect(async () => {
      await paste(dave, link);
      await expect(over).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await paste(alice, link);
    await expect(alice.page.getByText('it lets nobody in any more')).toBeVisible();
  });

  await test.step('who used it is led to the chat, without a network too', async () => {
    await bob.setOffline(true);
    await paste(bob, link);
    await expect(bob.page.getByText('You already know Alice.')).toBeVisible();
    await expectChatWith(bob, 'Alice');
    await bob.setOffline(false);
  });

  await test.step('who saw it before and accepts now hears that it is over, with a way out', async () => {
    const { page } = carol;
    await answer(carol, 'Alice', 'Accept');
    await expect(
      page.getByText('This code does not work any more: it was already used or withdrawn'),
    ).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeHidden();
    await expect(page.getByRole('link', { name: 'Scan a code' })).toBeVisible();
    await page.getByRole('button', { name: 'Delete chat' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete this chat?' });
    await dialog.getByRole('button', { name: 'Delete chat' }).click();
    await page.getByRole('link', { name: 'Chats', exact: true }).click();
    await expect(page.getByText('No chats yet.')).toBeVisible();
    await expect(alice.page.getByText('Wants to connect')).toHaveCount(0);
  });
});

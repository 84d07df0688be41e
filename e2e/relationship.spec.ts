import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';
import { expectNoChats, expectState, expectTexts, log, meet, openChat, send } from './steps.ts';
import type { Wallet } from './wallet.ts';

/** Opens 'Contact options' of the open chat and chooses an item. */
async function choose({ page }: Wallet, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Contact options' }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Chooses an item that asks first, and confirms. */
async function confirm(wallet: Wallet, item: string): Promise<void> {
  await choose(wallet, item);
  const dialog = wallet.page.getByRole('dialog');
  const cancel = dialog.getByRole('button', { name: 'Cancel' });
  await expect(cancel).toBeVisible();
  // A second Enter takes nothing away.
  if (item !== 'Change my address') await expect(cancel).toBeFocused();
  await dialog.getByRole('button', { name: item, exact: true }).click();
  await expect(dialog).toBeHidden();
}

const composer = ({ page }: Wallet) => page.getByRole('textbox', { name: 'Message' });

/** What was said can be read; nothing can be written. */
async function expectReadOnly(wallet: Wallet, name: string, sentence: string): Promise<void> {
  await expect(wallet.page.getByText(sentence)).toBeVisible();
  await expect(log(wallet, name)).toBeVisible();
  await expect(composer(wallet)).toBeHidden();
}

test('one leaves: both see it, both can still read, both can delete', async ({ alice, bob }) => {
  await meet(alice, bob);
  await send(alice, 'This is the last word');
  await expectTexts(bob, ['This is the last word']);
  // By keyboard to the question, and away from it.
  const options = alice.page.getByRole('button', { name: 'Contact options' });
  await options.focus();
  await alice.page.keyboard.press('Enter');
  await expect(alice.page.getByRole('menuitem', { name: 'Rename' })).toBeFocused();
  await alice.page.keyboard.press('End');
  await alice.page.keyboard.press('ArrowUp');
  await alice.page.keyboard.press('Enter');
  await expect(alice.page.getByRole('button', { name: 'End relationship' })).toBeVisible();
  await alice.page.keyboard.press('Escape');
  await expect(options).toBeFocused();
  await expect(composer(alice)).toBeVisible();
  await confirm(alice, 'End relationship');
  await expectReadOnly(alice, 'Bob', 'Bob was told through their mailbox');
  await expectReadOnly(bob, 'Alice', 'Alice ended this relationship.');
  for (const { page } of [alice, bob]) {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
  await bob.page.reload();
  await expectReadOnly(bob, 'Alice', 'Alice ended this relationship.');
  await expectTexts(bob, ['This is the last word']);
  for (const wallet of [alice, bob]) {
    await confirm(wallet, 'Delete chat');
    await expectNoChats(wallet);
  }
});

test('who leaves with no network is not held up; the other is told later', async ({
  alice,
  bob,
}) => {
  await meet(alice, bob);
  await bob.setOffline(true);
  await send(bob, 'Goodbye');
  await confirm(bob, 'End relationship');
  await expectReadOnly(bob, 'Alice', 'Alice will be told.');
  await send(alice, 'Are you there?');
  await bob.setOffline(false);
  await expectReadOnly(bob, 'Alice', 'Alice was told through their mailbox');
  await expectReadOnly(alice, 'Bob', 'Bob ended this relationship.');
  await expect(log(alice, 'Bob').getByText('Goodbye')).toBeVisible();
});

test('who was away finds the end, and may doubt it', async ({ alice, bob }) => {
  await meet(alice, bob);
  await bob.setOffline(true);
  await confirm(alice, 'End relationship');
  await expectReadOnly(alice, 'Bob', 'Bob was told through their mailbox');
  await bob.setOffline(false);
  await expectReadOnly(bob, 'Alice', 'Alice ended this relationship.');
  await bob.page.getByRole('button', { name: 'Reconnect' }).click();
  await send(bob, 'Really?');
  // She meant it: her mailbox does not know the address any more.
  await expect(bob.page.getByText('Their mailbox does not know Alice any more.')).toBeVisible();
});

test('a new address, with messages under way: none is lost, none doubled', async ({
  alice,
  bob,
}) => {
  await meet(alice, bob);
  await send(bob, 'one');
  await expectTexts(alice, ['one']);
  await alice.setOffline(true);
  await send(bob, 'two');
  await expectState(bob, 'two', 'Sent');
  await confirm(alice, 'Change my address');
  await expect(alice.page.getByText('Bob will be told when you are online.')).toBeVisible();
  await send(alice, 'three');
  await confirm(alice, 'Change my address');
  await send(bob, 'four');
  await expectState(bob, 'four', 'Sent');
  await alice.setOffline(false);
  await expect(alice.page.getByRole('article')).toHaveCount(4);
  await expectState(alice, 'three', 'Delivered');
  await send(bob, 'five');
  await expectState(bob, 'five', 'Delivered');
  await expect(bob.page.getByRole('article')).toHaveCount(5);
  await expect(alice.page.getByRole('article')).toHaveCount(5);
});

test('the safety code is the same on both sides; a changed address says so', async ({
  alice,
  bob,
}) => {
  await meet(alice, bob);
  // Each has heard from the other at its newest address.
  await send(bob, 'here');
  await expectState(bob, 'here', 'Delivered');
  await send(alice, 'and here');
  await expectState(alice, 'and here', 'Delivered');
  const digits: string[][] = [];
  for (const wallet of [alice, bob]) {
    await choose(wallet, 'Verify');
    const groups = wallet.page.getByRole('list', { name: 'Safety code' }).getByRole('listitem');
    await expect(groups).toHaveCount(6);
    digits.push(await groups.allTextContents());
    await expect(wallet.page.getByRole('img', { name: 'Safety code as a picture' })).toBeVisible();
    await wallet.page.getByRole('button', { name: 'They are the same' }).click();
    await expect(wallet.page.getByText('Verified', { exact: true })).toBeVisible();
  }
  expect(digits[0]?.join('')).toMatch(/^\d{30}$/);
  expect(digits[0]).toEqual(digits[1]);
  await confirm(alice, 'Change my address');
  await expect(alice.page.getByText('Bob is being told.')).toBeVisible();
  for (const wallet of [alice, bob])
    await expect(wallet.page.getByText('Verified before the change')).toBeVisible();
});

test('who is blocked writes into the void, until unblocked', async ({ alice, bob }) => {
  await meet(alice, bob);
  await confirm(alice, 'Block');
  await expectReadOnly(alice, 'Bob', 'You blocked Bob.');
  await send(bob, 'Do you hear me?');
  await expectState(bob, 'Do you hear me?', 'Sent');
  await choose(alice, 'Unblock');
  await expect(alice.page.getByText('Bob can write to you again.')).toBeVisible();
  await send(bob, 'And now?');
  await expectTexts(alice, ['And now?']);
  await choose(alice, 'Mute');
  const heading = alice.page.getByRole('heading', { name: 'Bob', level: 1 });
  await expect(heading.locator('..')).toContainText('Muted');
  await alice.page.getByRole('link', { name: 'Chats', exact: true }).click();
  const row = alice.page.getByRole('link', { name: 'Bob', exact: true });
  await expect(row).toHaveAccessibleDescription(/\bMuted\b/);
  await openChat(alice, 'Bob');
  await choose(alice, 'Unmute');
  await expect(heading.locator('..')).not.toContainText('Muted');
});

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { invitation, link } from './bad-codes.ts';
import { expect, test } from './fixtures.ts';
import { SCREENS } from './screens.ts';
import {
  expectChatWith,
  expectState,
  expectTexts,
  invite,
  meet,
  onboard,
  paste,
  question,
  send,
} from './steps.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];
const THEMES = ['light', 'dark'] as const;

/** What axe finds on the screen as it stands, in both sizes and both themes. */
async function expectNoViolations(page: Page, screen: string): Promise<void> {
  for (const size of SIZES)
    for (const colorScheme of THEMES)
      await test.step(`${screen}, ${size.width} px, ${colorScheme}`, async () => {
        await page.setViewportSize(size);
        // Colours on their way from one theme to the other are not looked at.
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        // Not through a page of axe's own, which would take the foreground.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        expect(found, screen).toEqual([]);
      });
}

test('axe finds nothing on the first screens of a new wallet', async ({ alice }) => {
  const first = await alice.open();
  await expect(first.getByRole('button', { name: 'Start' })).toBeVisible();
  await expectNoViolations(first, 'start');
  const page = await onboard(alice, 'Alice');
  await expectNoViolations(page, 'no chats yet');
  await invite(alice);
  await expectNoViolations(page, 'invite');
  await page.getByRole('button', { name: 'Show full screen' }).click();
  await expectNoViolations(page, 'full screen code');
  await page.keyboard.press('Escape');
  await paste(alice, 'no code');
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible();
  await expectNoViolations(page, 'scan with a fault');
  await paste(alice, link(invitation()));
  await expect(question(alice, 'Mallory')).toBeVisible();
  await expectNoViolations(page, 'connect');
});

test('axe finds nothing on the screens of a wallet in use', async ({ alice, bob }) => {
  test.slow(); // four looks at each screen
  await meet(alice, bob);
  const { page } = bob;
  await send(bob, 'How do you do?');
  await send(alice, 'Fine!');
  await expectTexts(bob, ['How do you do?', 'Fine!']);
  await expectNoViolations(page, 'chat');
  const options = page.getByRole('button', { name: 'Contact options' });
  await options.click();
  await expectNoViolations(page, 'contact options');
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await expectNoViolations(page, 'rename');
  await page.keyboard.press('Escape');
  await bob.setOffline(true);
  for (const [path, heading] of SCREENS) {
    await page.goto(new URL(path, page.url()).href);
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
    await expectNoViolations(page, path);
  }
});

/** Presses Tab, or Shift+Tab, until this element has the focus, and shows that it has. */
async function tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const page = target.page();
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 40; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      expect(await target.evaluate(outlineOf), 'focus ring').toBeGreaterThanOrEqual(2);
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not reach ${String(target)}`);
}

/** Width of the ring around the focused element, in pixels. */
function outlineOf(element: Element): number {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth);
}

test.describe('with a keyboard alone', () => {
  test('from onboarding to a renamed contact', async ({ alice, launch }) => {
    await onboard(alice, 'Alice');
    const { link: code } = await invite(alice);
    const bob = await launch('bob', { viewport: { width: 1280, height: 800 } });
    const page = await bob.open();
    const { keyboard } = page;
    const press = async (role: 'button' | 'menuitem', name: string) => {
      await tabTo(page.getByRole(role, { name }));
      await keyboard.press('Enter');
    };

    await tabTo(page.getByRole('textbox', { name: 'Your name' }));
    await keyboard.type('Bob');
    await keyboard.press('Enter');

    await press('button', 'Scan');
    await expect(page.getByRole('heading', { name: 'Scan a code' })).toBeFocused();
    await press('button', 'Paste a link');
    await expect(page.getByRole('textbox', { name: 'Invitation link' })).toBeFocused();
    await keyboard.insertText(code);
    await keyboard.press('Enter');
    await expect(question(bob, 'Alice')).toBeFocused();
    await press('button', 'Accept');

    await expectChatWith(bob, 'Alice');
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
    await keyboard.type('Hands on keys');
    await keyboard.press('Enter');
    await expectState(bob, 'Hands on keys', 'Delivered');
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
    await send(alice, 'Well typed');
    await expect(page.getByRole('status').getByText('Alice: Well typed')).toHaveCount(1);

    const options = page.getByRole('button', { name: 'Contact options' });
    await tabTo(options, 'Shift+Tab');
    for (const leave of ['Escape', 'Enter'] as const) {
      await keyboard.press('Enter');
      await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeFocused();
      await keyboard.press('Enter');
      const field = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
      await expect(field).toBeFocused();
      await field.press('ControlOrMeta+a');
      await keyboard.type('Sister');
      await keyboard.press(leave);
      await expect(page.getByRole('dialog')).toBeHidden();
      await expect(options).toBeFocused();
      const name = leave === 'Escape' ? 'Alice' : 'Sister';
      await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
    }
  });

  test('Escape closes the menu and gives the focus back, and Enter twice takes nothing away', async ({
    alice,
    bob,
  }) => {
    await meet(alice, bob);
    const { keyboard } = bob.page;
    const options = bob.page.getByRole('button', { name: 'Contact options' });
    const menu = bob.page.getByRole('menu');
    const dialog = bob.page.getByRole('dialog');
    await tabTo(options, 'Shift+Tab');
    await keyboard.press('Enter');
    await expect(menu).toBeVisible();
    await keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(options).toBeFocused();

    await keyboard.press('Enter');
    await keyboard.press('End');
    await expect(menu.getByRole('menuitem', { name: 'Delete chat' })).toBeFocused();
    await keyboard.press('Enter');
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(options).toBeFocused();
  });
});

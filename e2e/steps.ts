import { expect, type Locator, type Page } from '@playwright/test';
import type { Wallet } from './wallet.ts';

// What people do and see, by role and accessible name alone.

/** Opens the wallet for the first time and gives it a name. */
export async function onboard(wallet: Wallet, name: string, at = '/'): Promise<Page> {
  const page = await wallet.open(at);
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('navigation')).toBeVisible();
  return page;
}

/** Everybody opens the wallet for the first time; `alice` is called Alice. */
export async function onboardAll(...wallets: readonly Wallet[]): Promise<void> {
  await Promise.all(wallets.map((wallet) => onboard(wallet, nameOf(wallet))));
}

/** `alice` is called Alice. */
const nameOf = ({ name }: Wallet): string => name.slice(0, 1).toUpperCase() + name.slice(1);

export interface ShownInvitation {
  readonly link: string;
  /** The QR code as it stands on the screen, PNG. */
  readonly picture: Buffer;
}

/** Shows an invitation and waits until its address works. */
export async function invite(wallet: Wallet): Promise<ShownInvitation> {
  await wallet.page.getByRole('button', { name: 'Invite' }).click();
  return shownCode(wallet);
}

async function shownCode({ page }: Wallet): Promise<ShownInvitation> {
  const code = page.getByRole('img', { name: 'Invitation QR code' });
  await expect(code).toBeVisible();
  return {
    link: await page.getByRole('textbox', { name: 'Invitation link' }).inputValue(),
    picture: await code.screenshot(),
  };
}

/** The same, with the self-contained code that other wallets can read too. */
export async function inviteLong(wallet: Wallet): Promise<ShownInvitation> {
  await invite(wallet);
  await wallet.page.getByRole('switch', { name: 'Works without internet' }).click();
  await expect(wallet.page.getByRole('textbox', { name: 'Invitation link' })).toHaveValue(/_oob=/);
  return shownCode(wallet);
}

/** Sets the switch on the Invite screen. */
export async function acceptAutomatically({ page }: Wallet, wanted: boolean): Promise<void> {
  const toggle = page.getByRole('switch', { name: 'Accept automatically' });
  if ((await toggle.isChecked()) !== wanted) await toggle.click();
  await expect(toggle).toBeChecked({ checked: wanted });
}

/** From any screen: pastes a text as the Scan screen takes it. */
export async function paste(wallet: Wallet, text: string): Promise<void> {
  const field = await openPaste(wallet);
  await field.fill(text);
  await wallet.page.getByRole('button', { name: 'Continue' }).click();
}

/** @returns the field to paste into */
export async function openPaste({ page }: Wallet): Promise<Locator> {
  await page.getByRole('button', { name: 'Scan' }).click();
  const field = page.getByRole('textbox', { name: 'Invitation link' });
  // The field also opens by itself, where there is no camera: perhaps just when the button is pressed.
  await expect(async () => {
    if (!(await field.isVisible()))
      await page.getByRole('button', { name: 'Paste a link' }).click();
    await expect(field).toBeVisible({ timeout: 2_000 });
  }).toPass();
  return field;
}

export async function scanWithCamera(wallet: Wallet, picture: Buffer): Promise<void> {
  await wallet.showToCamera(picture, CAMERA_SCALE);
  await wallet.page.getByRole('button', { name: 'Scan' }).click();
}

/** A phone's screen held so near that the code is as high as the camera's picture. */
const CAMERA_SCALE = 1.9;

export async function choosePicture({ page }: Wallet, picture: Buffer): Promise<void> {
  await page.getByRole('button', { name: 'Scan' }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a picture' }).click();
  await (await chooser).setFiles({ name: 'code.png', mimeType: 'image/png', buffer: picture });
}

export const question = ({ page }: Wallet, name: string): Locator =>
  page.getByRole('heading', { name: `Connect with ${name}?` });

/** Answers "Connect with {name}?". */
export async function answer(wallet: Wallet, name: string, button: 'Accept' | 'Decline') {
  await expect(question(wallet, name)).toBeVisible();
  await wallet.page.getByRole('button', { name: button }).click();
}

/** Two people who met by a pasted link; both have the chat open. */
export async function meet(inviter: Wallet, invitee: Wallet): Promise<void> {
  await onboardAll(inviter, invitee);
  await paste(invitee, (await invite(inviter)).link);
  await answer(invitee, nameOf(inviter), 'Accept');
  await expectChatWith(inviter, nameOf(invitee));
  await expectChatWith(invitee, nameOf(inviter));
}

export const log = ({ page }: Wallet, name: string): Locator =>
  page.getByRole('log', { name: `Messages with ${name}` });

export const expectChatWith = (wallet: Wallet, name: string): Promise<void> =>
  expect(log(wallet, name)).toBeVisible();

export async function openChat({ page }: Wallet, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Chats', exact: true }).click();
  await page.getByRole('list', { name: 'Chats' }).getByRole('link', { name, exact: true }).click();
}

export async function send({ page }: Wallet, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** A message of the open chat: its text, the time, and the state of own ones. */
const article = (text: string, state = ''): RegExp =>
  new RegExp(`^${escaped(text)}\\s*\\d{1,2}:\\d\\d.*${state}$`);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The open chat shows exactly these texts, in this order. */
export const expectTexts = ({ page }: Wallet, texts: readonly string[]): Promise<void> =>
  expect(page.getByRole('log').getByRole('article')).toHaveText(texts.map((t) => article(t)));

export type State = 'Waiting' | 'Sent' | 'Delivered' | 'Failed';

/** The own message of this text has this state. */
export const expectState = ({ page }: Wallet, text: string, state: State): Promise<void> =>
  expect(
    page
      .getByRole('log')
      .getByRole('article', { name: /^You, / })
      .filter({ hasText: text }),
  ).toHaveText(article(text, state));

export async function expectNoChats({ page }: Wallet): Promise<void> {
  await page.getByRole('link', { name: 'Chats', exact: true }).click();
  await expect(page.getByText('No chats yet.')).toBeVisible();
}

/** A new wallet can give no address before its mailbox is there. */
export async function waitForMailbox({ page }: Wallet): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Mailbox' }).click();
  await expect(page.getByText('Mailbox at')).toBeVisible();
}

/** No page any more, and no worker that could go on by itself: only an event of the browser wakes it. */
export async function closeWallet(wallet: Wallet): Promise<void> {
  await wallet.closePage();
  await wallet.worker.stopAllWorkers();
  await expect.poll(() => wallet.worker.running).toBe(false);
}

import { mailbox } from '../src/ui/words/mailbox.ts';
import { expect, test } from './fixtures.ts';
import { startMediator } from './mediator-process.ts';
import { startEstoc } from './peers/estoc.ts';
import { startIdentusMediator } from './peers/identus-mediator.ts';
import type { MediatorPeer } from './peers/mediator-peer.ts';
import {
  answer,
  expectChatWith,
  expectTexts,
  invite,
  meet,
  onboardAll,
  openChat,
  paste,
  send,
  waitForMailbox,
} from './steps.ts';
import type { Wallet } from './wallet.ts';

// A person moves to a mailbox of another make and back while both write; then two at such mailboxes alone.

test.slow();

/** From any screen: Settings, Mailbox, the link of another one. */
async function moveTo({ page }: Wallet, code: string, host: string): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Mailbox', exact: true }).click();
  await page.getByRole('button', { name: 'Move to another mailbox' }).click();
  await page.getByRole('textbox', { name: 'Invitation or address' }).fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Use this mailbox?' })).toBeVisible();
  await expect(page.getByText(host)).toBeVisible();
  await page.getByRole('button', { name: 'Use this mailbox' }).click();
}

const inUse = ({ page }: Wallet, host: string): Promise<void> =>
  expect(
    page.getByRole('main').locator('dl').first().locator('div').filter({ hasText: 'Mailbox at' }),
  ).toHaveText(`Mailbox at${host}`, { timeout: 20_000 });

const hostOf = (url: string): string => new URL(url).host;

/** Everything that both said, in the order of each, and nothing twice. */
async function expectAll(wallet: Wallet, mine: readonly string[], theirs: readonly string[]) {
  const articles = wallet.page.getByRole('log').getByRole('article');
  await expect(articles).toHaveCount(mine.length + theirs.length, { timeout: 30_000 });
  const all = await articles.allTextContents();
  const inOrder = (texts: readonly string[]) =>
    all.flatMap((shown) => texts.filter((text) => shown.startsWith(text)));
  expect(inOrder(mine)).toEqual(mine);
  expect(inOrder(theirs)).toEqual(theirs);
}

test('away to the Identus mediator and back, with texts in flight: none lost, none twice', async ({
  launch,
  mediator,
}) => {
  const identus = await startIdentusMediator();
  const peers = [identus.url];
  const [alice, bob] = [await launch('alice', { peers }), await launch('bob', { peers })];
  await meet(bob, alice);
  const fromAlice: string[] = [];
  const fromBob: string[] = [];
  const say = async (wallet: Wallet, texts: string[], text: string): Promise<void> => {
    texts.push(text);
    await send(wallet, text);
  };
  await say(alice, fromAlice, 'Alice at home');
  await say(bob, fromBob, 'Bob at home');
  await bob.setOffline(true);
  await say(bob, fromBob, 'Bob without network, before the move');
  await moveTo(alice, identus.link, hostOf(identus.url));
  await bob.setOffline(false);
  await say(bob, fromBob, 'Bob while it moves');
  await inUse(alice, hostOf(identus.url));
  await alice.page.getByText('Technical details').click();
  await expect(alice.page.getByText('coordinate-mediation 2.0, message pickup 3.0')).toBeVisible();
  await openChat(alice, 'Bob');
  await say(alice, fromAlice, 'Alice from away');
  await say(bob, fromBob, 'Bob to wherever');
  await expectAll(alice, fromAlice, fromBob);
  await expectAll(bob, fromBob, fromAlice);

  const ours = await (await fetch(`${mediator.url}/invitation`)).text();
  await say(bob, fromBob, 'Bob just before the way back');
  await moveTo(alice, ours, hostOf(mediator.url));
  await say(bob, fromBob, 'Bob during the way back');
  await inUse(alice, hostOf(mediator.url));
  await openChat(alice, 'Bob');
  await say(alice, fromAlice, 'Alice is back');
  await say(bob, fromBob, 'Welcome');
  await expectAll(alice, fromAlice, fromBob);
  await expectAll(bob, fromBob, fromAlice);
  // Nobody writes there any more: what was left behind is given up on both sides.
  await expect.poll(() => identus.registeredDids(), { timeout: 30_000 }).toEqual([]);
  expect(identus.waiting).toBe(0);
  await identus.close();
});

test('the link of a mailbox that is opened asks the same; a wrong paste stays, and an address will do', async ({
  launch,
}) => {
  const [second, third] = [await startMediator([]), await startMediator([])];
  const alice = await launch('alice', { peers: [second.url, third.url] });
  try {
    await onboardAll(alice);
    await waitForMailbox(alice);
    await alice.closePage();
    const code = await (await fetch(`${second.url}/invitationOOB`)).text();
    const page = await alice.open(`/${new URL(code).search}`);
    const question = page.getByRole('heading', { name: 'Use this mailbox?' });

    await test.step('opened in the address bar, also after a reload', async () => {
      await expect(question).toBeVisible();
      expect(page.url()).not.toContain('_oob');
      await page.reload();
      await expect(question).toBeVisible();
      await expect(page.getByText(hostOf(second.url))).toBeVisible();
      await page.getByRole('button', { name: 'Use this mailbox' }).click();
      await inUse(alice, hostOf(second.url));
    });

    await test.step('in the settings: what is no mailbox, then the address of one', async () => {
      await page.getByRole('button', { name: 'Move to another mailbox' }).click();
      const field = page.getByRole('textbox', { name: 'Invitation or address' });
      const alert = page.getByRole('alert').filter({ hasText: /\S/ });
      await field.fill('see you at eight');
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(alert).toHaveText(mailbox.faults['no-offer']);
      await expect(alert).toBeInViewport();
      await expect(field).toHaveValue('see you at eight');
      await field.fill(`${third.url}/nowhere`);
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(alert).toHaveText(mailbox.faults['no-answer']);
      await expect(field).toHaveValue(`${third.url}/nowhere`);
      await field.fill(third.url);
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(question).toBeVisible();
      await expect(page.getByText(hostOf(third.url))).toBeVisible();
      await page.getByRole('button', { name: 'Use this mailbox' }).click();
      await inUse(alice, hostOf(third.url));
      await page.getByRole('link', { name: 'Chats', exact: true }).click();
      await expect(page.getByText('No chats yet.')).toBeVisible();
    });
  } finally {
    await second.dispose();
    await third.dispose();
  }
});

test('two people at mailboxes of other makes meet and write to each other', async ({ launch }) => {
  const [identus, strict] = [await startIdentusMediator(), await startEstoc()];
  const peers = [identus.url, strict.url];
  const [alice, bob] = [await launch('alice', { peers }), await launch('bob', { peers })];
  await onboardAll(alice, bob);
  const settle = async (wallet: Wallet, at: MediatorPeer): Promise<void> => {
    await waitForMailbox(wallet);
    await moveTo(wallet, at.link, hostOf(at.url));
    await inUse(wallet, hostOf(at.url));
  };
  await settle(alice, identus);
  await settle(bob, strict);
  await paste(alice, (await invite(bob)).link);
  await answer(alice, 'Bob', 'Accept');
  await expectChatWith(bob, 'Alice');
  await send(alice, 'From Identus to the strict one');
  await expectTexts(bob, ['From Identus to the strict one']);
  await send(bob, 'And back');
  await expectTexts(alice, ['From Identus to the strict one', 'And back']);
  await identus.close();
  await strict.close();
});

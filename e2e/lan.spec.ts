import { AxeBuilder } from '@axe-core/playwright';
import { mainAddress } from '../mediator/lan/addresses.ts';
import { expect, test as base } from './fixtures.ts';
import { startMediator } from './mediator-process.ts';
import {
  answer,
  expectChatWith,
  expectState,
  expectTexts,
  invite,
  onboardAll,
  scanWithCamera,
  send,
} from './steps.ts';
import { launchWallet, type Wallet } from './wallet.ts';

// `npm start -- --lan` and two phones: no browser is told to overlook a certificate, because a service
// worker needs a connection that is trusted.

interface Lan {
  readonly url: string;
  /** What the code in the terminal says: plain http. */
  readonly setUp: string;
  /** A phone that did as the set-up page says, or not yet. */
  phone(name: string, trusting: boolean): Promise<Wallet>;
}

/** On a machine in no local network: its own address, whose certificate is as strange to a browser. */
const HOST = (await mainAddress()) === undefined ? ['--host', '127.0.0.1'] : [];

const test = base.extend<{ lan: Lan }>({
  lan: async ({ browserName: _ }, use) => {
    const mediator = await startMediator(['--lan', '--http-port', '0', ...HOST]);
    const guide = /or open (http:\S+\/)\n/;
    await expect.poll(mediator.output).toMatch(guide);
    const setUp = guide.exec(mediator.output())?.[1] ?? '';
    const authority = new Uint8Array(await (await fetch(`${setUp}ca`)).arrayBuffer());
    const wallets: Wallet[] = [];
    await use({
      url: mediator.url,
      setUp,
      phone: async (name, trusting) => {
        const wallet = await launchWallet(name, mediator.url, {
          peers: [new URL(setUp).origin],
          ...(trusting ? { authority } : {}),
        });
        wallets.push(wallet);
        return wallet;
      },
    });
    await Promise.all(wallets.map((wallet) => wallet.dispose()));
    await mediator.dispose();
    for (const { name, complaints } of wallets) expect(complaints, `${name}'s browser`).toEqual([]);
  },
});

test('two phones that trust the computer meet by the camera and chat', async ({ lan }) => {
  const alice = await lan.phone('alice', true);
  const bob = await lan.phone('bob', true);

  // The code in the terminal leads on to the app by itself.
  const first = await alice.context.newPage();
  await first.goto(lan.setUp);
  await first.waitForURL((url) => url.origin === lan.url);
  expect(await first.evaluate(() => isSecureContext)).toBe(true);
  await first.close();

  await onboardAll(alice, bob);
  const { picture, link } = await invite(alice);
  expect(new URL(link).origin).toBe(lan.url);
  await scanWithCamera(bob, picture);
  await answer(bob, 'Alice', 'Accept');
  await expectChatWith(alice, 'Bob');
  await expectChatWith(bob, 'Alice');
  await send(bob, 'Hello from the sofa');
  await expectTexts(alice, ['Hello from the sofa']);
  await expectState(bob, 'Hello from the sofa', 'Delivered');
  await send(alice, 'Hello from the kitchen');
  await expectTexts(bob, ['Hello from the sofa', 'Hello from the kitchen']);

  // What was built once opens without the computer.
  await bob.setOffline(true);
  await bob.page.reload();
  await expectTexts(bob, ['Hello from the sofa', 'Hello from the kitchen']);
});

test('a phone that does not trust it yet stays on the page that says how, and past a warning learns why', async ({
  lan,
}) => {
  const carol = await lan.phone('carol', false);
  const page = await carol.context.newPage();
  const refused = page.waitForEvent('requestfailed');
  await page.goto(lan.setUp);
  expect((await refused).failure()?.errorText).toMatch(/CERT/);
  expect(page.url()).toBe(lan.setUp);
  for (const size of [
    { width: 390, height: 844 },
    { width: 1280, height: 800 },
  ])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the certificate' }).click();
  expect((await download).suggestedFilename()).toBe('parley-ca.crt');
  await expect(page.getByRole('link', { name: 'Open Parley' })).toHaveAttribute(
    'href',
    `${lan.url}/`,
  );
  await page.getByRole('link', { name: 'Open Parley' }).click();
  await expect(page).toHaveTitle('Privacy error');
  await page.keyboard.type('thisisunsafe'); // what Chromium takes for going on all the same
  await expect(page.getByRole('alert')).toContainText('does not trust the certificate');
});

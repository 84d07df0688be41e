import { expect, test as base } from '@playwright/test';
import { startMediator, type MediatorProcess } from './mediator-process.ts';
import { launchWallet, type Wallet, type WalletOptions } from './wallet.ts';

export { expect };

interface PerTest {
  /** Starts one more person's browser; closed after the test. */
  readonly launch: (name: string, options?: WalletOptions) => Promise<Wallet>;
  readonly alice: Wallet;
  readonly bob: Wallet;
}
interface PerWorker {
  /** Flags of the mediator, by `test.use({ mediatorFlags: [...] })`. */
  readonly mediatorFlags: readonly string[];
  readonly mediator: MediatorProcess;
}

/**
 * Two people and a mediator. The wallets start with no page open: `await alice.open()`.
 * A test fails when a wallet talked to a foreign origin, broke its policies or threw unseen.
 */
export const test = base.extend<PerTest, PerWorker>({
  mediatorFlags: [[], { option: true, scope: 'worker' }],
  mediator: [
    async ({ mediatorFlags }, use) => {
      const mediator = await startMediator(mediatorFlags);
      await use(mediator);
      await mediator.dispose();
    },
    { scope: 'worker' },
  ],
  launch: async ({ mediator }, use, testInfo) => {
    const wallets: Wallet[] = [];
    await use(async (name, options) => {
      const wallet = await launchWallet(name, mediator.url, options);
      wallets.push(wallet);
      return wallet;
    });
    await Promise.all(wallets.map((wallet) => wallet.dispose()));
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('mediator', { body: mediator.output(), contentType: 'text/plain' });
    }
    for (const { name, complaints } of wallets) expect(complaints, `${name}'s browser`).toEqual([]);
  },
  alice: async ({ launch }, use) => use(await launch('alice')),
  bob: async ({ launch }, use) => use(await launch('bob')),
});

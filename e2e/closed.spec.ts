import { expect, test } from './fixtures.ts';
import { closeWallet, expectState, expectTexts, meet, openChat, send } from './steps.ts';
import type { Wallet } from './wallet.ts';

/** What may wake a closed wallet. */
const events: Readonly<Record<string, (wallet: Wallet) => Promise<unknown>>> = {
  sync: ({ worker }) => worker.dispatchSync('outbox'),
  'periodic sync': ({ worker }) => worker.dispatchPeriodicSync('pickup'),
  push: ({ worker }) => worker.deliverPush(),
};

for (const [name, wake] of Object.entries(events)) {
  test(`a ${name} event brings mail to a closed wallet`, async ({ alice, bob }) => {
    await meet(alice, bob);
    await closeWallet(alice);
    await send(bob, 'wake up');
    await expectState(bob, 'wake up', 'Sent');

    await wake(alice);
    await expect.poll(() => alice.notifications()).toEqual(['New message']);
    await expectState(bob, 'wake up', 'Delivered');

    await alice.setOffline(true);
    await alice.open('/');
    await openChat(alice, 'Bob');
    await expectTexts(alice, ['wake up']);
  });
}

test('several messages make one notification and count on the badge', async ({ alice, bob }) => {
  await meet(alice, bob);
  await closeWallet(alice);
  await events['sync']!(alice);
  await expect.poll(() => alice.worker.running).toBe(true);
  await alice.inWorker(watchBadge);
  await send(bob, 'one');
  await send(bob, 'two');
  await expectState(bob, 'two', 'Sent');

  await events['push']!(alice);
  await expect.poll(() => alice.inWorker(badge)).toBe(2);
  await expect.poll(() => alice.notifications()).toEqual(['New message']);
  await alice.open('/');
  await expect(alice.page).toHaveTitle(/^\(2\) /);
  await openChat(alice, 'Bob');
  await expect(alice.page).toHaveTitle(/^Chat/);
  // Nothing is left that it could tell of.
  await expect.poll(() => alice.notifications()).toEqual([]);
});

interface BadgedNavigator extends Navigator {
  shownBadge: number | undefined;
}

/** Headless browsers draw no badge: what the worker asks for is noted instead. */
function watchBadge(): void {
  const badged = navigator as BadgedNavigator;
  badged.setAppBadge = async (count) => {
    badged.shownBadge = count;
  };
}

const badge = (): number | undefined => (navigator as BadgedNavigator).shownBadge;

import { expect, test } from './fixtures.ts';
import { SCREENS } from './screens.ts';
import {
  answer,
  expectChatWith,
  expectState,
  expectTexts,
  invite,
  inviteLong,
  meet,
  onboardAll,
  openChat,
  paste,
  question,
  send,
  waitForMailbox,
} from './steps.ts';
import type { Wallet } from './wallet.ts';

const THREE = ['first of three', 'second of three', 'third of three'];

/** Alice shows a code; Bob, cut off, accepts it, writes three messages and closes his page. */
async function acceptOffline(alice: Wallet, bob: Wallet): Promise<void> {
  await onboardAll(alice, bob);
  const { link } = await inviteLong(alice);
  await waitForMailbox(bob);
  await bob.setOffline(true);
  await expect(bob.page.getByRole('status', { name: 'Offline' })).toBeVisible();
  await paste(bob, link);
  await answer(bob, 'Alice', 'Accept');
  await expectChatWith(bob, 'Alice');
  await expect(bob.page.getByText('Will connect when online')).toBeVisible();
  for (const text of THREE) await send(bob, text);
  for (const text of THREE) await expectState(bob, text, 'Waiting');
  await expect.poll(() => bob.inWorker(promised)).toEqual(['outbox']);
  await bob.inWorker(noteSyncs);
  await bob.closePage();
}

interface SyncWorker extends EventTarget {
  readonly registration: { readonly sync: { getTags(): Promise<string[]> } };
  synced?: string[];
}

/** From now on the service worker remembers for which tags the browser woke it. */
function noteSyncs(): void {
  const worker = globalThis as unknown as SyncWorker;
  worker.synced = [];
  worker.addEventListener('sync', (event) => {
    worker.synced?.push((event as Event & { readonly tag: string }).tag);
  });
}

const synced = (): readonly string[] => (globalThis as unknown as SyncWorker).synced ?? [];

/** What the browser has promised to wake the service worker for. */
const promised = (): Promise<string[]> =>
  (globalThis as unknown as SyncWorker).registration.sync.getTags();

async function expectThreeOnce(alice: Wallet, bob: Wallet): Promise<void> {
  await expectChatWith(alice, 'Bob');
  await expectTexts(alice, THREE);
  // Whatever wakes the worker again has nothing left to send.
  await bob.worker.dispatchSync('outbox');
  await bob.open('/chats');
  await openChat(bob, 'Alice');
  for (const text of THREE) await expectState(bob, text, 'Delivered');
  await expectTexts(bob, THREE);
  await expectTexts(alice, THREE);
}

test('what was done without a network leaves with no page open', async ({ alice, bob }) => {
  await acceptOffline(alice, bob);
  await bob.setOffline(false);
  await expectChatWith(alice, 'Bob');
  await expect.poll(() => bob.inWorker(synced)).toContain('outbox');
  await expectThreeOnce(alice, bob);
});

test('it leaves by Background Sync alone after the browser died', async ({ alice, bob }) => {
  await acceptOffline(alice, bob);
  await bob.kill();
  await bob.relaunch();
  await expectThreeOnce(alice, bob);
});

test('without a network the app opens, shows the history and queues what is written', async ({
  alice,
  bob,
}) => {
  await meet(alice, bob);
  await send(bob, 'before the tunnel');
  await expectState(bob, 'before the tunnel', 'Delivered');
  await bob.closePage();
  await bob.setOffline(true);
  await send(alice, 'while you were away');
  await expectState(alice, 'while you were away', 'Sent');

  await bob.open('/');
  await openChat(bob, 'Alice');
  await expectTexts(bob, ['before the tunnel']);
  await send(bob, 'in the tunnel');
  await expectState(bob, 'in the tunnel', 'Waiting');
  await bob.page.reload();
  await expectTexts(bob, ['before the tunnel', 'in the tunnel']);
  await expectState(bob, 'in the tunnel', 'Waiting');

  await bob.setOffline(false);
  await expectState(bob, 'in the tunnel', 'Delivered');
  await expect(bob.page.getByRole('status', { name: 'Offline' })).toBeHidden();
  await expectTexts(bob, ['before the tunnel', 'in the tunnel', 'while you were away']);
  await expectTexts(alice, ['before the tunnel', 'while you were away', 'in the tunnel']);
  await expectState(alice, 'while you were away', 'Delivered');
});

test('every screen loads again without a network', async ({ alice, bob }) => {
  await meet(alice, bob);
  const { page } = bob;
  const chat = new URL(page.url()).pathname;
  await paste(bob, (await invite(alice)).link);
  await expect(question(bob, 'Alice')).toBeVisible();
  const connect = new URL(page.url()).pathname;
  const addressed: typeof SCREENS = [
    [chat, 'Alice'],
    [connect, 'Connect with Alice?'],
  ];
  await bob.setOffline(true);
  for (const [path, heading] of [...SCREENS, ...addressed]) {
    await test.step(path, async () => {
      await page.goto(new URL(path, page.url()).href);
      await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
      await expect(page.getByRole('status', { name: 'Offline' })).toBeVisible();
    });
  }
});

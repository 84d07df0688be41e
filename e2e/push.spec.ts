import { loadVapid } from '../mediator/push/vapid.ts';
import { fileSettings } from '../mediator/settings.ts';
import { fakePushService } from '../src/testing/fake-push-service.ts';
import { expect, test } from './fixtures.ts';
import { closeWallet, expectState, meet, onboard, send } from './steps.ts';

// A closed wallet is woken: real workers, a real mediator; the browser's own push service cannot be reached, so
// the browser is given a PushManager that says it is a fake, with a subscription at a fake service that checks who
// pushes; what that takes is delivered through the debugger.

test.use({ mediatorFlags: ['--push-services', '127.0.0.1'] });

test('notices are turned on, name who wrote if that is wanted, and are turned off', async ({
  alice,
  bob,
  mediator,
}) => {
  const service = await fakePushService();
  const { publicB64u } = await loadVapid(fileSettings(mediator.dataDir));
  const subscription = service.subscribe(publicB64u);
  await meet(alice, bob);
  await expect.poll(() => alice.worker.running).toBe(true);
  const fake = JSON.stringify(subscription);
  await alice.context.serviceWorkers().at(-1)!.evaluate(fakePushManager, fake);
  const { page } = alice;
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Notifications' }).click();
  const notices = page.getByRole('switch', { name: 'Tell me of new messages' });
  await expect(notices).not.toBeChecked();
  await notices.focus();
  await page.keyboard.press('Space');
  await expect(notices).toBeChecked();
  await expect(page.getByText('Notices are on, also while Parley is closed.')).toBeVisible();
  await page.getByRole('switch', { name: 'Show who wrote' }).click();
  await expect(page.getByRole('switch', { name: 'Show who wrote' })).toBeChecked();

  await closeWallet(alice);
  await send(bob, 'wake up');
  await expectState(bob, 'wake up', 'Sent');
  const [push] = await service.taken(1);
  await alice.worker.deliverPush(push!.text);
  await expect.poll(() => alice.inWorker(shown)).toEqual([{ title: 'New message', body: 'Bob' }]);

  await alice.open('/settings/notifications');
  await expect(alice.page.getByRole('switch', { name: 'Tell me of new messages' })).toBeChecked();
  await alice.page.getByRole('switch', { name: 'Tell me of new messages' }).click();
  await expect(alice.page.getByText('Notices are off.')).toBeVisible();
  expect(service.complaints).toEqual([]);
  await service.close();
});

test('a browser that blocks notices is named, and the switch keeps the focus', async ({
  alice,
}) => {
  await onboard(alice, 'Alice', '/settings/notifications');
  const { page } = alice;
  const origin = new URL(page.url()).origin;
  const browser = await alice.context.newCDPSession(page);
  const set = (setting: string) =>
    browser.send('Browser.setPermission', {
      origin,
      permission: { name: 'notifications' },
      setting,
    } as never);
  await set('denied');
  await page.goto(`${origin}/settings/notifications`);
  const notices = page.getByRole('switch', { name: 'Tell me of new messages' });
  await notices.focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('status').filter({ hasText: 'blocks notices' })).toBeVisible();
  await expect(notices).toBeFocused();
  await expect(notices).not.toBeChecked();

  await set('granted');
  await expect(page.getByText('Notices are off.')).toBeVisible();
});

async function shown(): Promise<readonly { title: string; body: string }[]> {
  const { registration } = globalThis as unknown as {
    readonly registration: ServiceWorkerRegistration;
  };
  return (await registration.getNotifications()).map(({ title, body }) => ({ title, body }));
}

function fakePushManager(text: string): void {
  const made = JSON.parse(text) as PushSubscriptionJSON;
  let held: object | null = null;
  PushManager.prototype.getSubscription = async () => held as PushSubscription | null;
  PushManager.prototype.subscribe = async (options) => {
    const key = options?.applicationServerKey as Uint8Array<ArrayBuffer>;
    held = {
      options: { applicationServerKey: key.slice().buffer },
      toJSON: () => ({ ...made, expirationTime: null }),
      unsubscribe: async () => {
        held = null;
        return true;
      },
    };
    return held as PushSubscription;
  };
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../mediator/limits.ts';
import { startMediator, type Mediator } from '../../mediator/server.ts';
import { fakePushService, type FakePushService } from '../testing/fake-push-service.ts';
import { acquaintances } from '../testing/acquaintances.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { requestMailbox } from './mailbox-offer.ts';
import { NOTICES_WANTED, PUSH_DUE, PUSH_STATE } from './push-settings.ts';
import type { BrowserPush } from './push-subscription.ts';

// Wallets with real mediators, and a fake push service that says so; the browser's PushManager is a fake too.

let service: FakePushService;
const mediators: Mediator[] = [];
beforeEach(async () => {
  service = await fakePushService();
});
afterEach(async () => {
  for (const mediator of mediators.splice(0)) await mediator.close();
  expect(service.complaints).toEqual([]);
  await service.close();
});

const mailbox = async (pushServices = ['127.0.0.1']): Promise<Mediator> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-'));
  const mediator = await startMediator({
    port: 0,
    host: '127.0.0.1',
    dataDir,
    distDir: dataDir,
    pushServices,
    limits: {
      ...DEFAULT_LIMITS,
      ratePerIp: 1e4,
      burstPerIp: 1e4,
      ratePerAccount: 1e4,
      burstPerAccount: 1e4,
      pushEveryMs: 50,
    },
    onFault: (fault) => {
      throw fault;
    },
  });
  mediators.push(mediator);
  return mediator;
};

interface FakeManager extends BrowserPush {
  readonly current: () => string | undefined;
  /** The browser ends its subscription by itself. */
  lose(): void;
}

/** A browser whose push service is the fake one; undefined `from`: one that reaches none. */
function fakeBrowser(from: FakePushService | undefined): FakeManager {
  let held: PushSubscription | undefined;
  const subscribe = async (options?: PushSubscriptionOptionsInit): Promise<PushSubscription> => {
    if (!from) throw new DOMException('no push service', 'AbortError');
    const key = options?.applicationServerKey as Uint8Array<ArrayBuffer>;
    const made = from.subscribe(Buffer.from(key).toString('base64url'));
    held = {
      endpoint: made.endpoint,
      options: { applicationServerKey: key.slice().buffer, userVisibleOnly: true },
      toJSON: () => ({ ...made, expirationTime: null }),
      unsubscribe: async () => {
        held = undefined;
        return true;
      },
    } as Partial<PushSubscription> as PushSubscription;
    return held;
  };
  return {
    pushManager: { getSubscription: async () => held ?? null, subscribe },
    current: () => held?.endpoint,
    lose: () => {
      held = undefined;
    },
  };
}

const want = async ({ wallet, engine }: TestWallet, wanted: boolean): Promise<void> => {
  await wallet.db.settings.bulkPut([
    { id: NOTICES_WANTED, value: wanted },
    { id: PUSH_DUE, value: Math.random() },
  ]);
  await engine.wake('enqueued');
};
const stateOf = async ({ wallet }: TestWallet): Promise<unknown> => ({
  state: (await wallet.db.settings.get(PUSH_STATE))?.value,
  due: (await wallet.db.settings.get(PUSH_DUE)) !== undefined,
});

test('the mailbox is told where to wake the wallet, and does', async () => {
  const push = fakeBrowser(service);
  const { alice, bob } = await acquaintances(await mailbox(), { push });
  expect(push.current()).toBeUndefined();
  await want(alice, true);
  expect(await stateOf(alice)).toEqual({ state: 'on', due: false });
  await sendText(bob.wallet, bob.friend, 'hi', 'en');
  await bob.settle();
  const [pushed] = await service.taken(1);
  expect(push.current()).toBe(`${service.origin}${pushed?.path}`);

  await want(alice, false);
  expect(await stateOf(alice)).toEqual({ state: 'off', due: false });
  expect(push.current()).toBeUndefined();
});

test('what is chosen offline is told later', async () => {
  const { url } = await mailbox();
  const push = fakeBrowser(service);
  const alice = await freshWallet('Alice', url, { push });
  await alice.settle();
  alice.network.online = false;
  await want(alice, true);
  expect(await stateOf(alice)).toEqual({ state: 'waiting', due: true });
  alice.network.online = true;
  await alice.settle();
  expect(await stateOf(alice)).toEqual({ state: 'on', due: false });
});

test('a subscription that the browser lost is made anew', async () => {
  const push = fakeBrowser(service);
  const { alice, bob } = await acquaintances(await mailbox(), { push });
  await want(alice, true);
  const before = push.current();
  push.lose();
  await alice.engine.wake('resubscribe');
  expect(push.current()).not.toBe(before);
  await sendText(bob.wallet, bob.friend, 'hi', 'en');
  await bob.settle();
  const [pushed] = await service.taken(1);
  expect(push.current()).toBe(`${service.origin}${pushed?.path}`);
});

test('another mailbox is told, and the one that is left wakes nobody', async () => {
  const [one, two] = [await mailbox(), await mailbox()];
  const push = fakeBrowser(service);
  const alice = await freshWallet('Alice', one.url, { push });
  await alice.settle();
  await want(alice, true);
  const before = push.current();
  await requestMailbox(alice.wallet, { mediatorDid: two.identity.did, host: '', name: '' });
  await alice.settle();
  await alice.settle();
  expect(await stateOf(alice)).toEqual({ state: 'on', due: false });
  expect(push.current()).not.toBe(before);
  const told = await alice.wallet.db.mediators.where('state').equals('leaving').count();
  expect(told).toBe(0); // nobody used it: it was given up
});

test.each([
  ['does not send to this push service', async () => (await mailbox(['push.example'])).url],
])('a mailbox that %s is said to be one', async (_what, start) => {
  const push = fakeBrowser(service);
  const alice = await freshWallet('Alice', await start(), { push });
  await alice.settle();
  await want(alice, true);
  expect(await stateOf(alice)).toEqual({ state: 'no-mailbox-push', due: false });
  expect(push.current()).toBeUndefined();
});

test.each([
  ['reaches no push service', (): BrowserPush => fakeBrowser(undefined)],
  ['has no push', (): BrowserPush => ({})],
])('a browser that %s is said to be one', async (_what, browser) => {
  const mediator = await freshMediator();
  mediators.push(mediator);
  const alice = await freshWallet('Alice', mediator.url, { push: browser() });
  await alice.settle();
  await want(alice, true);
  expect(await stateOf(alice)).toEqual({ state: 'no-service', due: false });
});

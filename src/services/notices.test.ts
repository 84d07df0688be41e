import { beforeAll, beforeEach, expect, test } from 'vitest';
import { freshWallet, type TestWallet } from '../testing/wallets.ts';
import { NOTICES_NAME, NOTICES_WANTED } from './push-settings.ts';
import { createNotices, type NoticeScope, type WorkerNotices } from './notices.ts';

let alice: TestWallet;
let shown: { readonly title: string; readonly options: NotificationOptions }[];
let badges: number[];
let visible: number;
let allowed: boolean;
let notices: WorkerNotices;

beforeAll(async () => {
  alice = await freshWallet('Alice', 'http://localhost:9');
});
const scope: NoticeScope = {
  visiblePages: async () => visible,
  mayNotify: () => allowed,
  show: async (title, options) => {
    shown.push({ title, options });
  },
  setBadge: async (unread) => {
    badges.push(unread);
  },
};
beforeEach(() => {
  shown = [];
  badges = [];
  visible = 0;
  allowed = true;
  notices = createNotices(scope);
});

test('new texts are told without name or word, one notice for all', async () => {
  await notices.newTexts(alice.wallet, 3);
  await notices.newTexts(alice.wallet, 1);
  expect(new Set(shown.map(({ title }) => title))).toEqual(new Set(['New message']));
  expect(new Set(shown.map(({ options }) => options.tag)).size).toBe(1);
  expect(shown.some(({ options }) => 'body' in options || 'data' in options)).toBe(false);
  expect(badges).toEqual([0, 0]);
});

test.each([
  ['a page is visible', () => (visible = 1)],
  ['they are not allowed', () => (allowed = false)],
])('no notices while %s, but a count', async (_name, arrange) => {
  arrange();
  await notices.newTexts(alice.wallet, 1);
  await notices.duringPush(Promise.resolve());
  expect(shown).toEqual([]);
  expect(badges).toEqual([0]);
});

test('every push shows one notice, with mail or without', async () => {
  await notices.duringPush(notices.newTexts(alice.wallet, 1));
  expect(shown).toHaveLength(1);
  await notices.duringPush(Promise.resolve());
  expect(shown).toHaveLength(2);
  // What was told between two pushes is no notice for the second.
  await notices.newTexts(alice.wallet, 1);
  await notices.duringPush(Promise.resolve());
  expect(shown).toHaveLength(4);
});

test('a push whose work fails shows its notice and fails', async () => {
  const work = Promise.reject(new Error('no mailbox'));
  await expect(notices.duringPush(work)).rejects.toThrow('no mailbox');
  expect(shown).toHaveLength(1);
});

test('a count that cannot be shown keeps no notice back, and the other way round', async () => {
  const broken = async (): Promise<never> => {
    throw new Error('not supported');
  };
  await expect(
    createNotices({ ...scope, setBadge: broken }).newTexts(alice.wallet, 1),
  ).rejects.toThrow('not supported');
  expect(shown).toHaveLength(1);
  await expect(createNotices({ ...scope, show: broken }).newTexts(alice.wallet, 1)).rejects.toThrow(
    'not supported',
  );
  expect(badges).toEqual([0]);
});

test('who wrote is named when that is wanted, and no notice comes when none is', async () => {
  const { db } = alice.wallet;
  await db.settings.put({ id: NOTICES_NAME, value: true });
  await notices.newTexts(alice.wallet, 1);
  expect(shown.map(({ options }) => options.body)).toEqual(['']); // nothing is unread
  await db.settings.put({ id: NOTICES_WANTED, value: false });
  await notices.newTexts(alice.wallet, 1);
  expect(shown).toHaveLength(1);
  await db.settings.bulkDelete([NOTICES_NAME, NOTICES_WANTED]);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { freshMediator, freshWallet } from '../testing/wallets.ts';
import { forgetExpired } from './housekeeping.ts';
import { createInvitation } from './codes.ts';

let mediator: Mediator;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());

const DAY_MS = 24 * 60 * 60 * 1000;

test('an unanswered invitation gives its address and keys back a day after it ended', async () => {
  const alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
  const made = await createInvitation(alice.wallet, { origin: mediator.url, autoAccept: true });
  expect(made.kind).toBe('ok');
  await alice.settle();
  const { db } = alice.wallet;
  const at = (days: number) => ({
    ...alice.wallet,
    clock: { now: () => Date.now() + days * DAY_MS },
  });
  await forgetExpired(at(1.5));
  expect(await db.invitations.count()).toBe(1);
  await forgetExpired(at(2.5));
  expect(await db.invitations.count()).toBe(0);
  expect(await db.keys.count()).toBe(0);
  expect(await db.jobs.count()).toBe(1);
  expect(await alice.settle()).toBe(true);
  expect(await db.jobs.count()).toBe(0);
});

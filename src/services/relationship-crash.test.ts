import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { acquaintances, rounds } from '../testing/acquaintances.ts';
import { bornInto } from '../testing/mortal.ts';
import {
  databaseNamed,
  freshMediator,
  reopenedWallet,
  type TestWallet,
} from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { contactById } from './contacts.ts';
import { endRelationship } from './end-relationship.ts';
import { moveToNewAddress } from './rotation.ts';
import { isOpen } from './contact-state.ts';

// A wallet is killed at every so many steps of leaving, of being left, and of moving; then it starts again.
const STRIDE = Number(process.env['CRASH_STRIDE'] ?? 47);
const EVERY = Math.max(1, Math.round(STRIDE / 5));
const TIMEOUT_MS = 60_000 + 1_200_000 / STRIDE;

let mediator: Mediator;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());

/**
 * Lives through `act` in this database for so many steps, and is born again after.
 * @returns the wallet of the second life, and whether the first one was cut short
 */
async function livesThrough(
  { wallet }: TestWallet,
  lastStep: number,
  act: (mortal: TestWallet) => Promise<unknown>,
): Promise<{ readonly reborn: TestWallet; readonly died: boolean }> {
  const { name } = wallet.db;
  wallet.db.close();
  const life = await bornInto(name, mediator.url, lastStep);
  try {
    await act(life.wallet);
  } catch (error) {
    if (!life.over) throw error;
  }
  const died = life.over;
  life.end();
  return { reborn: await reopenedWallet(databaseNamed(name), mediator.url), died };
}

const stateOf = async ({ wallet }: TestWallet, contactId: string) =>
  (await contactById(wallet, contactId))?.row.state;

/** @returns what is still to be done, and what was set aside */
const leftovers = async ({ wallet: { db } }: TestWallet): Promise<number[]> =>
  Promise.all([db.outbox.count(), db.jobs.count(), db.inbox.count(), db.quarantine.count()]);

/** Lives it all again, cut short ever later, until a life is not cut short any more. */
async function untilNoDeath(live: (step: number) => Promise<boolean>): Promise<void> {
  let deaths = 0;
  for (let step = 1; await live(step); step += EVERY) deaths += 1;
  expect(deaths).toBeGreaterThan(0);
}

test(
  'who is killed while leaving has left when started again, and told it once',
  () =>
    untilNoDeath(async (step) => {
      const { alice, bob } = await acquaintances(mediator);
      const { reborn, died } = await livesThrough(alice, step, async (mortal) => {
        await endRelationship(mortal.wallet, alice.friend);
        await mortal.settle();
      });
      // As a person would: looks, and does it again if it was not done.
      const state = await stateOf(reborn, alice.friend);
      if (state && isOpen(state)) await endRelationship(reborn.wallet, alice.friend);
      await rounds(reborn, bob);
      expect(await stateOf(reborn, alice.friend), `step ${step}`).toBe('ended');
      expect(await stateOf(bob, bob.friend), `step ${step}`).toBe('left');
      expect(await reborn.wallet.db.keys.count()).toBe(0);
      expect(await leftovers(reborn)).toEqual([0, 0, 0, 0]);
      expect(await leftovers(bob)).toEqual([0, 0, 0, 0]);
      return died;
    }),
  TIMEOUT_MS,
);

test(
  'who is killed while being left knows it when started again',
  () =>
    untilNoDeath(async (step) => {
      const { alice, bob } = await acquaintances(mediator);
      await endRelationship(alice.wallet, alice.friend);
      await alice.settle();
      const { reborn, died } = await livesThrough(bob, step, (mortal) => mortal.settle());
      await rounds(reborn, alice);
      expect(await stateOf(reborn, bob.friend), `step ${step}`).toBe('left');
      expect(await leftovers(reborn)).toEqual([0, 0, 0, 0]);
      return died;
    }),
  TIMEOUT_MS,
);

test(
  'who is killed while moving loses nothing and can be written to',
  () =>
    untilNoDeath(async (step) => {
      const { alice, bob } = await acquaintances(mediator);
      await sendText(bob.wallet, bob.friend, 'under way', 'en');
      await bob.settle();
      const { reborn, died } = await livesThrough(alice, step, async (mortal) => {
        await moveToNewAddress(mortal.wallet, alice.friend);
        await mortal.settle();
      });
      await rounds(reborn, bob);
      await sendText(bob.wallet, bob.friend, 'after', 'en');
      await sendText(reborn.wallet, alice.friend, 'too', 'en');
      await rounds(bob, reborn);
      const texts = async (person: TestWallet, friend: string): Promise<string[]> =>
        (await person.chat(friend)).map(({ text }) => text).sort();
      expect(await texts(reborn, alice.friend), `step ${step}`).toEqual([
        'me: too',
        'them: after',
        'them: under way',
      ]);
      expect(await texts(bob, bob.friend)).toEqual(['me: after', 'me: under way', 'them: too']);
      const mine = (await contactById(reborn.wallet, alice.friend))?.payload.myDid;
      expect((await bob.contact()).payload.theirDid).toBe(mine);
      expect(await leftovers(reborn)).toEqual([0, 0, 0, 0]);
      expect(await leftovers(bob)).toEqual([0, 0, 0, 0]);
      return died;
    }),
  TIMEOUT_MS,
);

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { InvitationPayload, openRow } from '../storage/payloads.ts';
import { bornInto, type Life } from '../testing/mortal.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { createInvitation } from './codes.ts';
import { acceptIntent, openCode } from './invitations.ts';

// Two wallets and a mediator; both wallets are killed at the k-th write, commit or answer of a round, and
// started again. For every k-th step; CRASH_STRIDE=1 takes every step there is.
const STRIDE = Number(process.env['CRASH_STRIDE'] ?? 47);
const TIMEOUT_MS = 60_000 + 1_800_000 / STRIDE;

/** Somebody whose process may be killed. */
interface Person {
  /** Of the database, which outlives every process. */
  readonly name: string;
  life: Life;
  deaths: number;
  /** Steps of the life after the next death. */
  nextLife: () => number;
}

let mediator: Mediator;
let alice: Person;
let bob: Person;

async function newPerson(name: string): Promise<Person> {
  const { wallet } = await freshWallet(name, mediator.url);
  wallet.db.close();
  return {
    name: wallet.db.name,
    life: await bornInto(wallet.db.name, mediator.url, Infinity),
    nextLife: () => Infinity,
    deaths: 0,
  };
}

beforeAll(async () => {
  mediator = await freshMediator();
  alice = await newPerson('Alice');
  bob = await newPerson('Bob');
});
afterAll(() => mediator.close());

async function reborn(person: Person, lastStep: number): Promise<void> {
  person.life.end();
  person.life = await bornInto(person.name, mediator.url, lastStep);
}

/** @returns undefined when the process was killed meanwhile; then another has started */
async function living<T>(
  person: Person,
  act: (wallet: TestWallet) => Promise<T>,
): Promise<T | undefined> {
  const { life } = person;
  try {
    const result = await act(life.wallet);
    if (!life.over) return result;
  } catch (error) {
    if (!life.over) throw error;
  }
  person.deaths += 1;
  await reborn(person, person.nextLife());
  return undefined;
}

/** As a person would: looks whether it was done, and else does it again. */
async function insist<T>(
  person: Person,
  isDone: (wallet: TestWallet) => Promise<T | undefined>,
  act: (wallet: TestWallet) => Promise<unknown>,
): Promise<T> {
  for (let i = 0; i < 50; i += 1) {
    const done = await living(person, isDone);
    if (done !== undefined) return done;
    await living(person, act);
  }
  throw new Error('it is never done');
}

/** Both run until neither has anything left to do. */
async function quiet(): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    const done = [
      await living(alice, (wallet) => wallet.settle()),
      await living(bob, (wallet) => wallet.settle()),
    ];
    const waiting = await Promise.all(
      [alice, bob].map(async ({ life }) => {
        const { db } = life.wallet.wallet;
        const rows = await Promise.all([db.outbox.count(), db.jobs.count(), db.inbox.count()]);
        const unsure = await db.messages.where('st').anyOf('waiting', 'sent').count();
        return rows.some((count) => count > 0) || unsure > 0;
      }),
    );
    if (done.every((all) => all === true) && !waiting.includes(true)) return;
  }
  throw new Error('they never come to rest');
}

const say = (person: Person, contactId: string, text: string): Promise<true> =>
  insist(
    person,
    async (wallet) =>
      (await wallet.chat(contactId)).some((said) => said.text === `me: ${text}`) || undefined,
    async ({ wallet }) => sendText(wallet, contactId, text, 'en'),
  );

async function invite(person: Person): Promise<string> {
  const known = await person.life.wallet.wallet.db.invitations.count();
  await living(person, (wallet) => wallet.settle());
  return insist(
    person,
    async ({ wallet }) => {
      const rows = await wallet.db.invitations.toArray();
      if (rows.length === known) return undefined;
      const live = rows.find(({ state }) => state === 'live');
      const payload = live && (await openRow(wallet.vault, InvitationPayload, 'invitations', live));
      return payload?.url;
    },
    async (person) => {
      if ((await person.wallet.db.invitations.count()) === known)
        await createInvitation(person.wallet, { origin: mediator.url, autoAccept: true });
      await person.settle();
    },
  );
}

const accept = (person: Person, url: string): Promise<string> =>
  insist(
    person,
    async ({ wallet }) => {
      const opened = await openCode(wallet, url, '');
      if (opened.kind === 'known') return opened.contactId;
      if (opened.kind !== 'preview') throw new Error(opened.kind);
      const accepted = await acceptIntent(wallet, opened.intentId);
      return accepted.kind === 'accepted' ? accepted.contactId : undefined;
    },
    (wallet) => wallet.settle(),
  );

const newContact = async ({ life }: Person, known: ReadonlySet<string>): Promise<string> => {
  const ids = (await life.wallet.wallet.db.contacts.toArray())
    .filter(({ state }) => state === 'connected')
    .map(({ id }) => id)
    .filter((id) => !known.has(id));
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
};
const contactIds = async ({ life }: Person): Promise<Set<string>> =>
  new Set((await life.wallet.wallet.db.contacts.toArray()).map(({ id }) => id));

const nothingOdd = async (): Promise<void> => {
  for (const { life } of [alice, bob]) {
    expect(await life.wallet.wallet.db.quarantine.count()).toBe(0);
    expect(life.wallet.failures).toEqual([]);
  }
};

/** Bob answers an invitation of Alice's and says hello. @returns the new contact's id at either side */
async function meet(hello: string): Promise<{ alices: string; bobs: string }> {
  const known = await contactIds(alice);
  const bobs = await accept(bob, await invite(alice));
  await say(bob, bobs, hello);
  await quiet();
  const alices = await newContact(alice, known);
  expect(await alice.life.wallet.chat(alices)).toEqual([{ text: `them: ${hello}`, st: 'unread' }]);
  expect(await bob.life.wallet.chat(bobs)).toEqual([{ text: `me: ${hello}`, st: 'delivered' }]);
  await nothingOdd();
  return { alices, bobs };
}

/** Five texts each way, some of them written while earlier ones are on their way. */
async function exchange({ alices, bobs }: { alices: string; bobs: string }, round: number) {
  const texts = Array.from({ length: 5 }, (_, i) => `${round}.${i}`);
  for (const [i, text] of texts.entries()) {
    await say(alice, alices, `a ${text}`);
    await say(bob, bobs, `b ${text}`);
    if (i % 2 === 1) await living(i === 1 ? alice : bob, (wallet) => wallet.settle());
  }
  await quiet();
  const sides = [
    [alice, alices, 'a', 'b'],
    [bob, bobs, 'b', 'a'],
  ] as const;
  for (const [person, contactId, own, other] of sides) {
    const all = await person.life.wallet.chat(contactId);
    const said = all.filter(({ text }) => text.includes(` ${round}.`));
    expect(said.filter(({ text }) => text.startsWith('me: '))).toEqual(
      texts.map((text) => ({ text: `me: ${own} ${text}`, st: 'delivered' })),
    );
    expect(said.flatMap(({ text }) => (text.startsWith('them: ') ? [text] : []))).toEqual(
      texts.map((text) => `them: ${other} ${text}`),
    );
  }
  await nothingOdd();
}

/** Runs a round with both killed at the same step, for ever later steps, until nobody lives to see it. */
async function killAtEvery(round: (n: number) => Promise<unknown>): Promise<number> {
  let deaths = 0;
  for (let k = 1; ; k += STRIDE) {
    alice.deaths = 0;
    bob.deaths = 0;
    await reborn(alice, k);
    await reborn(bob, k);
    await round(k);
    deaths += alice.deaths + bob.deaths;
    if (alice.deaths + bob.deaths === 0) return deaths;
  }
}

test(
  'killed anywhere on the way to a new contact: it comes about, once',
  async () => {
    const deaths = await killAtEvery((k) => meet(`hello ${k}`));
    expect(deaths).toBeGreaterThanOrEqual(2 * Math.floor(100 / STRIDE));
  },
  TIMEOUT_MS,
);

test(
  'killed anywhere in a conversation: nothing is lost or shown twice, order is kept',
  async () => {
    await reborn(alice, Infinity);
    await reborn(bob, Infinity);
    const contact = await meet('before the killing starts');
    const deaths = await killAtEvery((k) => exchange(contact, k));
    expect(deaths).toBeGreaterThanOrEqual(2 * Math.floor(200 / STRIDE));
  },
  TIMEOUT_MS,
);

test(
  'killed again and again, after lives of all lengths: the same',
  async () => {
    // A linear congruential generator, so that the lives are the same in every run.
    let state = 1;
    const nextLife = (): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return 5 + (state % 90);
    };
    const contact = await meet('before it starts again');
    for (const person of [alice, bob]) {
      person.deaths = 0;
      person.nextLife = nextLife;
      await reborn(person, nextLife());
    }
    for (let round = 1; round <= 2; round += 1) await exchange(contact, 1_000 + round);
    for (const person of [alice, bob]) {
      expect(person.deaths).toBeGreaterThan(5);
      person.nextLife = () => Infinity;
    }
  },
  TIMEOUT_MS,
);

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { documentOf } from '../testing/peer-did.ts';
import { acquaintances, rounds, type Acquaintance } from '../testing/acquaintances.ts';
import { freshMediator } from '../testing/wallets.ts';
import { OutboxPayload, openRow } from '../storage/payloads.ts';
import { retryMessage, sendText } from './chat.ts';
import { deleteChat, endRelationship, reconnect } from './end-relationship.ts';
import { agreementKeyOf } from './own-dids.ts';
import { moveContact, moveToNewAddress } from './rotation.ts';

let mediator: Mediator;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());

const say = (person: Acquaintance, text: string): Promise<boolean> =>
  sendText(person.wallet, person.friend, text, 'en');
const texts = async (person: Acquaintance): Promise<string[]> =>
  (await person.chat(person.friend)).map(({ text }) => text);
const reasons = async ({ wallet }: Acquaintance): Promise<string[]> =>
  (await wallet.db.quarantine.toArray()).map(({ reason }) => reason);

describe('a new address by hand', () => {
  test('is told at once; what was under way to the old one arrives too', async () => {
    const { alice, bob } = await acquaintances(mediator);
    const before = (await alice.contact()).payload.myDid;
    await say(bob, 'to the old address');
    await bob.settle();
    expect(await moveToNewAddress(alice.wallet, alice.friend)).toBe('moved');
    await say(alice, 'from the new address');
    await rounds(alice, bob);
    expect(await texts(alice)).toEqual(['me: from the new address', 'them: to the old address']);
    expect(await texts(bob)).toEqual(['me: to the old address', 'them: from the new address']);
    const now = (await alice.contact()).payload;
    expect(now.myDid).not.toBe(before);
    const seen = (await bob.contact()).payload;
    expect(seen.theirDid).toBe(now.myDid);
    expect(seen.theirPriorDids[0]).toBe(before);
    // Bob confirmed the text at the new address: nothing has to be told any more (R19).
    expect(now.fromPrior).toBeUndefined();
    expect([...(await reasons(alice)), ...(await reasons(bob))]).toEqual([]);
  });

  test('twice before the other side looks, and both at once', async () => {
    const { alice, bob } = await acquaintances(mediator);
    await moveToNewAddress(alice.wallet, alice.friend);
    await moveToNewAddress(bob.wallet, bob.friend);
    await moveToNewAddress(alice.wallet, alice.friend);
    await say(alice, 'here I am');
    await say(bob, 'and here am I');
    await rounds(alice, bob);
    expect((await texts(alice)).sort()).toEqual(['me: here I am', 'them: and here am I']);
    expect((await texts(bob)).sort()).toEqual(['me: and here am I', 'them: here I am']);
    const [a, b] = [(await alice.contact()).payload, (await bob.contact()).payload];
    expect([a.theirDid, b.theirDid]).toEqual([b.myDid, a.myDid]);
  });

  test('the old one is given up a day after the other side used the new one', async () => {
    let skip = 0;
    const clock = { now: () => Date.now() + skip };
    const { alice, bob } = await acquaintances(mediator, { clock });
    const first = (await alice.contact()).payload.myDid;
    await moveToNewAddress(alice.wallet, alice.friend);
    await say(alice, 'moved');
    await rounds(alice, bob);
    skip = 23 * 3_600_000;
    await alice.settle();
    expect((await alice.contact()).payload.myPriorDids).toContain(first);
    skip = 25 * 3_600_000;
    await alice.settle();
    expect((await alice.contact()).payload.myPriorDids).toEqual([]);
    await expect(agreementKeyOf(alice.wallet, first, await documentOf(first))).rejects.toThrow();
    await say(bob, 'still there?');
    await rounds(alice, bob);
    expect(await texts(alice)).toContain('them: still there?');
  });

  test('nobody is told who was not let in or has ended', async () => {
    const { alice } = await acquaintances(mediator);
    await endRelationship(alice.wallet, alice.friend);
    const { myDid } = (await alice.contact()).payload;
    expect(await moveContact(alice.wallet, alice.friend, myDid)).toBe('nobody');
    expect(await moveContact(alice.wallet, 'no such', myDid)).toBe('nobody');
  });
});

describe('the end of a relationship', () => {
  test('is told after what was written before; keys and addresses go', async () => {
    const { alice, bob } = await acquaintances(mediator);
    const { myDid, myPriorDids } = (await alice.contact()).payload;
    await say(alice, 'farewell');
    await endRelationship(alice.wallet, alice.friend);
    expect((await alice.contact()).row.state).toBe('ending');
    expect(await say(alice, 'one more thing')).toBe(false);
    await rounds(alice, bob);
    expect((await alice.contact()).row.state).toBe('ended');
    expect((await bob.contact()).row.state).toBe('left');
    expect(await texts(bob)).toEqual(['them: farewell']);
    expect(await say(bob, 'what?')).toBe(false);
    for (const did of [myDid, ...myPriorDids])
      await expect(agreementKeyOf(alice.wallet, did, await documentOf(did))).rejects.toThrow();
    expect(await alice.wallet.db.keys.count()).toBe(0);
    for (const { wallet } of [alice, bob]) {
      expect(await wallet.db.outbox.count()).toBe(0);
      expect(await wallet.db.jobs.count()).toBe(0);
      expect(await wallet.db.quarantine.count()).toBe(0);
    }
    // Nothing more is there to end, for either.
    expect(await endRelationship(alice.wallet, alice.friend)).toBe(false);
    expect(await endRelationship(bob.wallet, bob.friend)).toBe(false);
  });

  test('with no network: will be told, and is', async () => {
    const { alice, bob } = await acquaintances(mediator);
    alice.network.online = false;
    await endRelationship(alice.wallet, alice.friend);
    await alice.settle();
    await bob.settle();
    expect((await alice.contact()).row.state).toBe('ending');
    expect((await bob.contact()).row.state).toBe('connected');
    await say(bob, 'are you there?');
    await bob.settle();
    alice.network.online = true;
    await rounds(alice, bob);
    expect((await alice.contact()).row.state).toBe('ended');
    expect((await bob.contact()).row.state).toBe('left');
    expect(await texts(alice)).toEqual([]);
  });

  test('both at once', async () => {
    const { alice, bob } = await acquaintances(mediator);
    await endRelationship(alice.wallet, alice.friend);
    await endRelationship(bob.wallet, bob.friend);
    await rounds(alice, bob);
    // Whoever comes second finds nobody to tell.
    for (const person of [alice, bob])
      expect(['ended', 'untold']).toContain((await person.contact()).row.state);
    for (const { wallet } of [alice, bob])
      expect([await wallet.db.keys.count(), await wallet.db.outbox.count()]).toEqual([0, 0]);
  });

  test('what waited for the one that left has failed; the person may doubt the end and reconnect', async () => {
    const { alice, bob } = await acquaintances(mediator);
    bob.network.online = false;
    await say(bob, 'too late');
    await endRelationship(alice.wallet, alice.friend);
    const ending = await lastWords(alice);
    await bring(bob, ending);
    expect((await bob.contact()).row.state).toBe('left');
    expect(await bob.wallet.db.outbox.count()).toBe(0);
    const [row] = await bob.wallet.db.messages.toArray();
    expect([row?.st, row?.why]).toEqual(['failed', 'ended']);

    expect(await reconnect(bob.wallet, bob.friend)).toBe(true);
    expect(await reconnect(bob.wallet, bob.friend)).toBe(false);
    expect((await bob.contact()).row.state).toBe('connected');
    // The same word, brought by anybody, ends nothing a second time.
    await bring(bob, ending);
    expect((await bob.contact()).row.state).toBe('connected');
    bob.network.online = true;
    await alice.settle();
    await retryMessage(bob.wallet, row!.id, 'en');
    await bob.settle();
    // She meant it: her mailbox knows her no more under that address.
    expect((await bob.chat(bob.friend))[0]?.st).toBe('failed');
    expect((await bob.wallet.db.messages.toArray())[0]?.why).toBe('not-found');
  });

  test('the chat can be deleted on both sides, also before the other is told', async () => {
    const { alice, bob } = await acquaintances(mediator);
    await say(alice, 'hello');
    await rounds(alice, bob);
    await deleteChat(bob.wallet, bob.friend);
    expect(await texts(bob)).toEqual([]);
    expect((await bob.contact()).row.state).toBe('connected');
    alice.network.online = false;
    await endRelationship(alice.wallet, alice.friend);
    await deleteChat(alice.wallet, alice.friend);
    expect(await alice.wallet.db.contacts.count()).toBe(0);
    alice.network.online = true;
    await rounds(alice, bob);
    expect((await bob.contact()).row.state).toBe('left');
    expect(await alice.wallet.db.keys.count()).toBe(0);
    await deleteChat(bob.wallet, bob.friend);
    expect(await bob.wallet.db.contacts.count()).toBe(0);
    expect(await bob.wallet.db.keys.count()).toBe(0);
    expect(await bob.wallet.db.messages.count()).toBe(0);
  });
});

/** The last envelope that waits to leave, as the other side would find it in its mailbox. */
async function lastWords({ wallet }: Acquaintance): Promise<string> {
  const row = await wallet.db.outbox.orderBy(':id').last();
  const payload = row && (await openRow(wallet.device, OutboxPayload, 'outbox', row));
  return payload?.inner ?? '';
}

/** Brings an envelope by another way than the mailbox: anybody can. */
async function bring({ wallet, engine }: Acquaintance, packed: string): Promise<void> {
  const id = crypto.randomUUID();
  const x = await wallet.device.sealInbox(id, { packed, receivedAt: Date.now() });
  await wallet.db.inbox.add({ id, tries: 0, x });
  await engine.wake('sync');
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import type { Did } from '../did/did.ts';
import { ContactPayload, openRow } from '../storage/payloads.ts';
import type { InvitationRow } from '../storage/schema.ts';
import { asAttachments, relationsOf, textLetter } from '../testing/foreign.ts';
import { hostileMail } from '../testing/hostile/all.ts';
import { newWorld, type World } from '../testing/hostile/world.ts';
import { forwardOf } from '../testing/mediator-client.ts';
import { postTo } from '../testing/running-mediator.ts';
import { freshMediator, type TestWallet } from '../testing/wallets.ts';
import { storeArrivals } from './arrivals.ts';

// Every case sends one hostile envelope, most of them through the real mediator, and good mail behind it.

let mediator: Mediator;
let world: World;

beforeAll(async () => {
  mediator = await freshMediator();
  world = await newWorld(mediator.url);
});
afterAll(() => mediator.close());

/** What people would see changed: contacts as they read, chats, and everything that waits to be done. */
async function seen({ wallet }: TestWallet): Promise<Record<string, unknown>> {
  const contacts = await wallet.db.contacts.toArray();
  const {
    messages: _,
    contacts: __,
    invitations,
    ...others
  } = (await relationsOf(wallet)) as Record<string, unknown>;
  return {
    ...others,
    // That one more person was told that a code is over changes nothing for anybody.
    invitations: (invitations as InvitationRow[]).map(({ told: ___, ...row }) => row),
    contacts: await Promise.all(
      contacts.map(async (row) => [
        row.id,
        row.state,
        await openRow(wallet.vault, ContactPayload, 'contacts', row),
      ]),
    ),
    chats: Object.fromEntries(
      await Promise.all(
        contacts.map(async ({ id }) => [id, (await world.alice.chat(id)).map(({ text }) => text)]),
      ),
    ) as unknown,
  };
}

test('the list holds what it held', () => {
  expect(hostileMail).toHaveLength(61);
  expect(new Set(hostileMail.map(([name]) => name)).size).toBe(hostileMail.length);
});

let count = 0;
for (const [name, verdict, pack, way] of hostileMail)
  test(`${name}: ${verdict}`, async () => {
    const { alice, bob, bobId, bobsAlice, routingDid } = world;
    const { db } = alice.wallet;
    const before = await seen(alice);
    const known = await db.quarantine.count();
    const hostile = await pack(world);
    if (way) await storeArrivals(alice.wallet, asAttachments([hostile]));
    else await throughMediator(hostile, routingDid);
    count += 1;
    const good = `good ${count}`;
    await throughMediator(await textLetter(bob, bobsAlice, good), routingDid);
    await alice.settle();

    const reasons = (await db.quarantine.orderBy(':id').toArray()).map(({ reason }) => reason);
    expect(reasons.slice(known)).toEqual(verdict === 'dropped' ? [] : [verdict]);
    const chats = before['chats'] as Record<string, string[]>;
    chats[bobId]?.push(`them: ${good}`);
    expect(await seen(alice)).toEqual(before);
    expect(await db.inbox.count()).toBe(0);
    expect(alice.failures).toEqual([]);

    async function throughMediator(packed: string, through: Did): Promise<void> {
      const answer = await postTo(mediator.url, await forwardOf(packed, bobsAlice, through));
      expect(answer.status).toBe(202);
    }
  });

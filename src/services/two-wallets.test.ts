import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { contactName } from './contact-name.ts';
import { contactById } from './contacts.ts';
import { createInvitation } from './codes.ts';
import { acceptIntent, acceptRequest, openCode } from './invitations.ts';
import { InvitationPayload, openRow } from '../storage/payloads.ts';

let mediator: Mediator;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());

async function invitationOf(inviter: TestWallet, autoAccept: boolean): Promise<string> {
  await inviter.settle();
  const made = await createInvitation(inviter.wallet, { origin: mediator.url, autoAccept });
  if (made.kind !== 'ok') throw new Error(made.kind);
  await inviter.settle();
  const row = await inviter.wallet.db.invitations.get(made.id);
  expect(row?.state).toBe('live');
  const payload =
    row && (await openRow(inviter.wallet.vault, InvitationPayload, 'invitations', row));
  return payload?.url ?? '';
}

async function accept(invitee: TestWallet, url: string): Promise<string> {
  await invitee.settle();
  const opened = await openCode(invitee.wallet, url, '');
  if (opened.kind !== 'preview') throw new Error(opened.kind);
  const accepted = await acceptIntent(invitee.wallet, opened.intentId);
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  return accepted.contactId;
}

const onlyContact = async ({ wallet }: TestWallet) => {
  const rows = await wallet.db.contacts.toArray();
  expect(rows).toHaveLength(1);
  return contactById(wallet, rows[0]!.id);
};

describe('two wallets through a real mediator', () => {
  test('meet, learn names, rotate, chat, and see texts delivered', async () => {
    const alice = await freshWallet('Alice', mediator.url);
    const bob = await freshWallet('Bob', mediator.url);
    const url = await invitationOf(alice, true);
    const bobsAlice = await accept(bob, url);
    await sendText(bob.wallet, bobsAlice, 'hello', 'en');
    for (let i = 0; i < 3; i += 1) {
      await bob.settle();
      await alice.settle();
    }
    const alicesBob = await onlyContact(alice);
    expect(contactName(alicesBob!.payload)).toBe('Bob');
    expect(alicesBob!.row.state).toBe('connected');
    const back = await onlyContact(bob);
    expect(contactName(back!.payload)).toBe('Alice');
    expect(back!.row.state).toBe('connected');
    expect(back!.payload.theirDid).toBe(alicesBob!.payload.myDid);
    expect(back!.payload.theirPriorDids).toHaveLength(1);
    await sendText(alice.wallet, alicesBob!.row.id, 'hi Bob', 'en');
    for (let i = 0; i < 2; i += 1) {
      await alice.settle();
      await bob.settle();
    }
    await alice.settle();
    expect(await alice.chat(alicesBob!.row.id)).toEqual([
      { text: 'them: hello', st: 'unread' },
      { text: 'me: hi Bob', st: 'delivered' },
    ]);
    expect(await bob.chat(bobsAlice)).toEqual([
      { text: 'me: hello', st: 'delivered' },
      { text: 'them: hi Bob', st: 'unread' },
    ]);
    expect(await alice.wallet.db.quarantine.count()).toBe(0);
    expect(await bob.wallet.db.quarantine.count()).toBe(0);
    expect((await onlyContact(alice))!.payload.fromPrior).toBeUndefined();
  });

  test('by hand: nothing is told before the inviter accepts', async () => {
    const alice = await freshWallet('Alice', mediator.url);
    const bob = await freshWallet('Bob', mediator.url);
    const bobsAlice = await accept(bob, await invitationOf(alice, false));
    await sendText(bob.wallet, bobsAlice, 'may I?', 'en');
    await bob.settle();
    await alice.settle();
    await bob.settle();
    const asking = await onlyContact(alice);
    expect(asking!.row.state).toBe('asking');
    expect((await onlyContact(bob))!.row.state).toBe('connecting');
    expect(await alice.wallet.db.outbox.count()).toBe(0);
    await acceptRequest(alice.wallet, asking!.row.id);
    await alice.settle();
    await bob.settle();
    expect((await onlyContact(bob))!.row.state).toBe('connected');
    expect(await bob.chat(bobsAlice)).toEqual([{ text: 'me: may I?', st: 'delivered' }]);
  });

  test('accepted and written offline, it all arrives in order, once', async () => {
    const alice = await freshWallet('Alice', mediator.url);
    const bob = await freshWallet('Bob', mediator.url);
    const url = await invitationOf(alice, true);
    await bob.settle();
    bob.network.online = false;
    const bobsAlice = await accept(bob, url);
    for (const text of ['one', 'two', 'three']) await sendText(bob.wallet, bobsAlice, text, 'en');
    await bob.settle();
    await alice.settle();
    expect(await alice.wallet.db.contacts.count()).toBe(0);
    bob.network.online = true;
    await bob.settle();
    await alice.settle();
    const contact = await onlyContact(alice);
    expect((await alice.chat(contact!.row.id)).map(({ text }) => text)).toEqual([
      'them: one',
      'them: two',
      'them: three',
    ]);
  });
});

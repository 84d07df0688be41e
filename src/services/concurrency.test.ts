import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import type { Did } from '../did/did.ts';
import { invitationUrl } from '../protocols/out-of-band/write.ts';
import { OutboxPayload, openRow } from '../storage/payloads.ts';
import {
  befriend,
  contactOf,
  deliver,
  letter,
  openInvitation,
  PROFILE,
  quarantineReasons,
  queuedFor,
  textLetter,
} from '../testing/foreign.ts';
import { forgeFromPrior } from '../testing/forge.ts';
import { nowSeconds } from '../testing/hostile/world.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import {
  databaseNamed,
  freshMediator,
  freshWallet,
  reopenedWallet,
  type TestWallet,
} from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { setProfileName, type Wallet } from './wallet.ts';
import {
  acceptIntent,
  acceptRequest,
  declineRequest,
  openCode,
  renameContact,
} from './invitations.ts';

// Page and worker, several tabs, several engines: all write to one database at once.

let mediator: Mediator;
let alice: TestWallet;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
});

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('while a contact moves to a new DID', () => {
  let bob: Peer;
  let bobId: string;
  let bobsAlice: Did;
  beforeEach(async () => {
    bob = await newPeer();
    bobId = await befriend(alice, mediator.url, bob);
    bobsAlice = (await contactOf(alice.wallet, bobId)).payload.myDid;
    await alice.wallet.db.outbox.clear();
  });

  const moveTo = async (next: Peer): Promise<string> => {
    const claims = { iss: bob.did, sub: next.did, iat: nowSeconds() };
    const from_prior = await forgeFromPrior({ by: bob.signing, claims });
    return textLetter(next, bobsAlice, 'moved', { from_prior });
  };
  const addressees = async (): Promise<(Did | undefined)[]> => {
    const rows = await alice.wallet.db.outbox.orderBy(':id').toArray();
    return Promise.all(
      rows.map(
        async (row) => (await openRow(alice.wallet.device, OutboxPayload, 'outbox', row))?.theirDid,
      ),
    );
  };

  test('texts go to the old address until the move, and to the new one after it', async () => {
    const next = await newPeer();
    const move = await moveTo(next);
    const writing = many(12, (i) => sendText(alice.wallet, bobId, String(i), 'en'));
    const moved = deliver(alice, move);
    writing.push(...many(12, (i) => sendText(alice.wallet, bobId, String(12 + i), 'en')));
    expect(await Promise.all(writing)).toEqual(many(24, () => true));
    expect(await moved).toBe(1);
    const order = await addressees();
    expect(order).toHaveLength(24);
    const turn = order.indexOf(next.did);
    expect(order.slice(turn === -1 ? 24 : turn).every((did) => did === next.did)).toBe(true);
    const mine = (await alice.chat(bobId)).filter(({ text }) => text.startsWith('me: '));
    expect(new Set(mine.map(({ text }) => text)).size).toBe(24);
    await sendText(alice.wallet, bobId, 'after', 'en');
    expect((await addressees()).at(-1)).toBe(next.did);
  });

  test('a flood of its texts does not keep the person from writing back', async () => {
    const flood = await Promise.all(many(60, (i) => textLetter(bob, bobsAlice, String(i))));
    const opening = deliver(alice, ...flood);
    while ((await alice.wallet.db.messages.count()) === 0)
      await new Promise((resolve) => setTimeout(resolve, 1));
    await sendText(alice.wallet, bobId, 'stop', 'en');
    expect(await alice.wallet.db.inbox.count()).toBeGreaterThan(30);
    expect(await opening).toBe(60);
  });

  test('a new name for it is kept, and so is the move', async () => {
    const next = await newPeer();
    const [, ...renamed] = await Promise.all([
      deliver(
        alice,
        await moveTo(next),
        await letter(next, bobsAlice, PROFILE, { profile: { displayName: 'Robert' } }),
      ),
      ...many(10, (i) => renameContact(alice.wallet, bobId, `Bobby ${i}`)),
    ]);
    expect(renamed).toEqual(many(10, () => true));
    const { payload } = await contactOf(alice.wallet, bobId);
    expect(payload.theirDid).toBe(next.did);
    expect(payload.petname).toMatch(/^Bobby \d$/);
    expect(payload.claimedName).toBe('Robert');
  });
});

describe('the same tap in several tabs', () => {
  const guest = async (autoAccept: boolean): Promise<[string, Peer]> => {
    const { did, oobId, rowId } = await openInvitation(alice, mediator.url, autoAccept);
    const peer = await newPeer();
    await deliver(alice, await letter(peer, did, PROFILE, {}, { pthid: oobId }));
    const row = await alice.wallet.db.invitations.get(rowId);
    return [row?.contactId ?? '', peer];
  };

  test('an asker is let in once', async () => {
    const [contactId] = await guest(false);
    const outcomes = await Promise.all(many(5, () => acceptRequest(alice.wallet, contactId)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const { payload, row } = await contactOf(alice.wallet, contactId);
    expect(row.state).toBe('connected');
    expect(payload.myPriorDids).toHaveLength(1);
    expect(await alice.wallet.db.outbox.count()).toBe(2);
    expect(await alice.wallet.db.keys.count()).toBe(4);
  });

  test('an asker that one tab lets in and another turns away is one or the other', async () => {
    for (let i = 0; i < 6; i += 1) {
      const [contactId] = await guest(false);
      // Who comes too late may also find the keys of the turned away gone, and fail for it.
      const [accepted] = await Promise.allSettled([
        acceptRequest(alice.wallet, contactId),
        declineRequest(alice.wallet, contactId),
      ]);
      const letIn = accepted.status === 'fulfilled' && accepted.value;
      const row = await alice.wallet.db.contacts.get(contactId);
      expect(row?.state).toBe(letIn ? 'connected' : undefined);
      const waiting = await alice.wallet.db.outbox.where('lane').equals(contactId).count();
      expect(waiting).toBe(letIn ? 2 : 0);
    }
  });

  test('an asker that is turned away while its mail is opened stays away', async () => {
    const { did, oobId, rowId } = await openInvitation(alice, mediator.url, false);
    const peer = await newPeer();
    const ask = (content: string) => textLetter(peer, did, content, { pthid: oobId });
    await deliver(alice, await ask('hi'));
    const contactId = (await alice.wallet.db.invitations.get(rowId))?.contactId ?? '';
    const more = await Promise.all(many(6, (i) => ask(String(i))));
    await Promise.all([deliver(alice, ...more), declineRequest(alice.wallet, contactId)]);
    expect(await alice.wallet.db.contacts.count()).toBe(0);
    expect(await alice.wallet.db.messages.count()).toBe(0);
    expect(await alice.wallet.db.inbox.count()).toBe(0);
  });

  /** The wallet of a tab that is overtaken by another when it first does this. */
  const overtaken = (
    { wallet }: TestWallet,
    when: 'blind' | 'seal',
    by: () => Promise<unknown>,
  ): Wallet => {
    const { vault } = wallet;
    let other: Promise<unknown> | undefined;
    const once = (): Promise<unknown> => (other ??= by());
    return {
      ...wallet,
      vault:
        when === 'blind'
          ? { ...vault, blind: (...args) => once().then(() => vault.blind(...args)) }
          : { ...vault, seal: (...args) => once().then(() => vault.seal(...args)) },
    };
  };

  test('an asker that is let in while another tab turns it away stays', async () => {
    const [contactId] = await guest(false);
    await declineRequest(
      overtaken(alice, 'blind', () => acceptRequest(alice.wallet, contactId)),
      contactId,
    );
    expect((await contactOf(alice.wallet, contactId)).row.state).toBe('connected');
    expect(await alice.wallet.db.keys.count()).toBe(4);
  });

  test('a text that is sent while its contact moves goes to the new address', async () => {
    const bob = await newPeer();
    const bobId = await befriend(alice, mediator.url, bob);
    const { myDid } = (await contactOf(alice.wallet, bobId)).payload;
    await alice.wallet.db.outbox.clear();
    const next = await newPeer();
    const claims = { iss: bob.did, sub: next.did, iat: nowSeconds() };
    const from_prior = await forgeFromPrior({ by: bob.signing, claims });
    const move = await textLetter(next, myDid, 'moved', { from_prior });
    const tab = overtaken(alice, 'seal', () => deliver(alice, move));
    expect(await sendText(tab, bobId, 'hi', 'en')).toBe(true);
    expect(await queuedFor(alice.wallet, bob)).toEqual([]);
    expect(await queuedFor(alice.wallet, next)).toHaveLength(1);
    expect(await said(alice, bobId, 'me')).toEqual(['hi']);
  });

  test('who answers our code while we accept theirs, under one DID, stays one contact', async () => {
    const peer = await newPeer([{ uri: 'http://localhost:9/' }]);
    const url = invitationUrl(mediator.url, {
      id: crypto.randomUUID(),
      from: peer.did,
      label: 'Eve',
      expiresSeconds: nowSeconds() + 3600,
    });
    const opened = await openCode(alice.wallet, url, '');
    if (opened.kind !== 'preview') throw new Error(opened.kind);
    const { did, oobId } = await openInvitation(alice, mediator.url, true);
    const tab = overtaken(alice, 'seal', () => acceptIntent(alice.wallet, opened.intentId));
    await deliver({ wallet: tab }, await letter(peer, did, PROFILE, {}, { pthid: oobId }));
    expect(await alice.wallet.db.contacts.count()).toBe(1);
    expect(await alice.wallet.db.inbox.count()).toBe(0);
    expect(await quarantineReasons(alice.wallet)).toEqual(['to']);
  });

  test('a code is accepted once, however often it was opened', async () => {
    const bob = await freshWallet('Bob', mediator.url);
    await bob.settle();
    const { url } = await openInvitation(alice, mediator.url, true);
    const intents = await Promise.all(many(4, () => openCode(bob.wallet, url, '')));
    const ids = intents.map((opened) => (opened.kind === 'preview' ? opened.intentId : ''));
    const outcomes = await Promise.all(
      [...ids, ...ids].map((intentId) => acceptIntent(bob.wallet, intentId)),
    );
    const contactIds = outcomes.map((one) =>
      'contactId' in one ? one.contactId : (one satisfies { kind: string }).kind,
    );
    expect(await bob.wallet.db.contacts.count()).toBe(1);
    expect(new Set(contactIds.filter((id) => id.length === 22)).size).toBe(1);
    expect(await bob.wallet.db.outbox.count()).toBe(2);
    expect(await bob.wallet.db.keys.count()).toBe(2);
    expect(await bob.wallet.db.intents.count()).toBe(0);
  });
});

/** Two wallets that know each other. */
async function friends(): Promise<{ bob: TestWallet; alices: string; bobs: string }> {
  const bob = await freshWallet('Bob', mediator.url);
  await bob.settle();
  const { url } = await openInvitation(alice, mediator.url, true);
  await alice.settle();
  const opened = await openCode(bob.wallet, url, '');
  if (opened.kind !== 'preview') throw new Error(opened.kind);
  const accepted = await acceptIntent(bob.wallet, opened.intentId);
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  for (let i = 0; i < 3; i += 1) await Promise.all([bob.settle(), alice.settle()]);
  const [row] = await alice.wallet.db.contacts.toArray();
  return { bob, alices: row?.id ?? '', bobs: accepted.contactId };
}

const said = async (wallet: TestWallet, contactId: string, by: 'me' | 'them'): Promise<string[]> =>
  (await wallet.chat(contactId)).flatMap(({ text }) =>
    text.startsWith(`${by}: `) ? [text.slice(by.length + 2)] : [],
  );

async function untilQuiet(...wallets: readonly TestWallet[]): Promise<void> {
  for (let i = 0; i < 20; i += 1) {
    await Promise.all(wallets.map((wallet) => wallet.settle()));
    const rows = await Promise.all(
      wallets.flatMap(({ wallet: { db } }) => [
        db.outbox.count(),
        db.messages.where('st').anyOf('waiting', 'sent').count(),
      ]),
    );
    if (rows.every((count) => count === 0)) return;
  }
  throw new Error('they never come to rest');
}

test('a hundred texts each way at once, with both engines at work: all arrive, once, in order', async () => {
  const { bob, alices, bobs } = await friends();
  let writing = true;
  const engines = [alice, bob].map(async (wallet) => {
    while (writing) await wallet.settle();
  });
  await Promise.all([
    ...many(100, (i) => sendText(alice.wallet, alices, `a${i}`, 'en')),
    ...many(100, (i) => sendText(bob.wallet, bobs, `b${i}`, 'en')),
    setProfileName(alice.wallet, 'Alicia'),
    ...many(5, (i) => renameContact(bob.wallet, bobs, `A. ${i}`)),
  ]);
  writing = false;
  await Promise.all(engines);
  await untilQuiet(alice, bob);
  const [fromAlice, fromBob] = [await said(alice, alices, 'me'), await said(bob, bobs, 'me')];
  expect([new Set(fromAlice).size, new Set(fromBob).size]).toEqual([100, 100]);
  expect(await said(bob, bobs, 'them')).toEqual(fromAlice);
  expect(await said(alice, alices, 'them')).toEqual(fromBob);
  for (const { wallet, failures } of [alice, bob]) {
    expect(await wallet.db.quarantine.count()).toBe(0);
    expect(failures).toEqual([]);
  }
});

test('two engines that no lock keeps apart: everything arrives once', async () => {
  const { bob, alices, bobs } = await friends();
  const second = await reopenedWallet(databaseNamed(alice.wallet.db.name), mediator.url);
  for (let i = 0; i < 15; i += 1) {
    await sendText(bob.wallet, bobs, `b${i}`, 'en');
    await sendText(alice.wallet, alices, `a${i}`, 'en');
  }
  await bob.settle();
  await Promise.all([alice.settle(), second.settle(), alice.settle(), second.settle()]);
  await bob.settle();
  await untilQuiet(alice, second, bob);
  expect(await said(alice, alices, 'them')).toEqual(many(15, (i) => `b${i}`));
  expect((await said(bob, bobs, 'them')).toSorted()).toEqual(many(15, (i) => `a${i}`).toSorted());
  expect([alice.failures, second.failures, bob.failures]).toEqual([[], [], []]);
});

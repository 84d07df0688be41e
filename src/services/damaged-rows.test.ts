import { beforeEach, describe, expect, test } from 'vitest';
import type { Did } from '../did/did.ts';
import {
  befriend,
  contactOf,
  deliver,
  letter,
  openInvitation,
  quarantineReasons,
  queuedFor,
  textLetter,
  PROFILE,
} from '../testing/foreign.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import {
  scriptedMediator,
  scriptedUrl,
  type ScriptedMediator,
} from '../testing/scripted-mediator.ts';
import { freshWallet, type TestWallet } from '../testing/wallets.ts';
import type { Bytes } from '../lib/bytes.ts';
import { newRowId } from '../lib/ids.ts';
import { markRead, retryMessage, saveDraft, sendText } from './chat.ts';
import { changeContact } from './change-contact.ts';
import { contactById } from './contacts.ts';
import { processInbox } from './inbox.ts';
import { acceptRequest, declineRequest } from './invitations.ts';
import { myName } from './my-name.ts';
import { recipientJob } from './jobs.ts';
import { readyMediator } from './mediators.ts';
import { confirmReceived } from './receipts.ts';
import { reportBudget } from './report-budget.ts';

// Rows that are damaged, or that a newer version wrote, stay as they lie, and everything else works.

const ORIGIN = 'http://localhost:8080';
let mediator: ScriptedMediator;
let alice: TestWallet;
let bob: Peer;
let bobId: string;
let bobsAlice: Did;

beforeEach(async () => {
  mediator = await scriptedMediator();
  alice = await freshWallet('Alice', ORIGIN, { http: mediator.http, setTimer: () => undefined });
  await alice.settle();
  bob = await newPeer([{ uri: scriptedUrl }]);
  bobId = await befriend(alice, ORIGIN, bob);
  bobsAlice = (await contactOf(alice.wallet, bobId)).payload.myDid;
  await alice.settle();
});

const damaged = (x: Bytes): Bytes => x.with(-1, (x.at(-1) ?? 0) ^ 1);
const newer = (x: Bytes): Bytes => x.with(0, 2);
const ways: readonly (readonly [string, (x: Bytes) => Bytes])[] = [
  ['damaged', damaged],
  ['of a newer version', newer],
];
const REQUEST_RECEIPTS = 'https://didcomm.org/receipts/1.0/request-receipts';
const WANTS_ALL = { requested_receipts: [{ message_type: '*' }] };
const texts = async (contactId: string): Promise<string[]> =>
  (await alice.chat(contactId)).map(({ text }) => text);
const secondContact = async (): Promise<readonly [Peer, string, Did]> => {
  const carol = await newPeer([{ uri: scriptedUrl }]);
  const carolId = await befriend(alice, ORIGIN, carol);
  await alice.settle();
  return [carol, carolId, (await contactOf(alice.wallet, carolId)).payload.myDid];
};

describe.each(ways)('%s:', (_way, spoil) => {
  test('a contact. Its mail waits for the version that can read the row, in order', async () => {
    const { db } = alice.wallet;
    const [carol, carolId, carolsAlice] = await secondContact();
    const good = await db.contacts.get(bobId);
    if (!good) throw new Error('no contact');
    const bad = { ...good, x: spoil(good.x) };
    await db.contacts.put(bad);
    mediator.put(await textLetter(bob, bobsAlice, 'one'));
    mediator.put(await textLetter(carol, carolsAlice, 'hi'));
    mediator.put(await textLetter(bob, bobsAlice, 'two'));
    for (let i = 0; i < 5; i += 1) expect(await alice.settle()).toBe(true);
    expect(await texts(carolId)).toEqual(['them: hi']);
    expect(await db.contacts.get(bobId)).toEqual(bad);
    expect(await db.inbox.count()).toBe(2);
    expect(await db.quarantine.count()).toBe(0);
    expect(await sendText(alice.wallet, bobId, 'x', 'en')).toBe(false);
    expect(await changeContact(alice.wallet, bobId, (payload) => payload)).toBe(false);
    expect(await acceptRequest(alice.wallet, bobId)).toBe(false);
    await declineRequest(alice.wallet, bobId);
    expect(await db.contacts.get(bobId)).toEqual(bad);

    await db.contacts.put(good);
    await alice.settle();
    expect(await texts(bobId)).toEqual(['them: one', 'them: two']);
    expect(await db.inbox.count()).toBe(0);
  });

  test('an invitation. Its answers wait', async () => {
    const { db } = alice.wallet;
    const { rowId, did, oobId } = await openInvitation(alice, ORIGIN, true);
    const good = await db.invitations.get(rowId);
    if (!good) throw new Error('no invitation');
    await db.invitations.put({ ...good, x: spoil(good.x) });
    const guest = await newPeer([{ uri: scriptedUrl }]);
    mediator.put(await letter(guest, did, PROFILE, {}, { pthid: oobId }));
    mediator.put(await textLetter(bob, bobsAlice, 'hi'));
    expect(await alice.settle()).toBe(true);
    expect(await texts(bobId)).toEqual(['them: hi']);
    expect(await db.inbox.count()).toBe(1);
    await db.invitations.put(good);
    await alice.settle();
    expect(await db.contacts.count()).toBe(2);
  });

  test('an arrival. It stays, however often it is tried, and more comes in behind it', async () => {
    const { db } = alice.wallet;
    for (let i = 0; i < 60; i += 1) {
      const id = newRowId();
      const x = spoil(await alice.wallet.device.sealInbox(id, { packed: '{}', receivedAt: 1 }));
      await db.inbox.add({ id, tries: 0, x });
    }
    const rows = await db.inbox.toArray();
    for (let i = 0; i < 5; i += 1) {
      mediator.put(await textLetter(bob, bobsAlice, String(i)));
      expect(await alice.settle()).toBe(true);
    }
    expect(await texts(bobId)).toEqual(['0', '1', '2', '3', '4'].map((text) => `them: ${text}`));
    expect(await db.inbox.toArray()).toEqual(rows);
  });

  test('an outgoing envelope. Its lane waits, the others go on', async () => {
    const { db } = alice.wallet;
    const [, carolId] = await secondContact();
    await sendText(alice.wallet, bobId, 'stuck', 'en');
    const [bad] = await db.outbox.toArray();
    if (!bad?.seq) throw new Error('nothing to send');
    await db.outbox.update(bad.seq, { x: spoil(bad.x) });
    await sendText(alice.wallet, bobId, 'behind', 'en');
    await sendText(alice.wallet, carolId, 'hi', 'en');
    await alice.settle();
    expect((await alice.chat(bobId)).map(({ st }) => st)).toEqual(['waiting', 'waiting']);
    expect((await alice.chat(carolId)).map(({ st }) => st)).toEqual(['sent']);
    expect(await db.outbox.count()).toBe(2);
    await db.outbox.update(bad.seq, { x: bad.x });
    await alice.settle();
    expect((await alice.chat(bobId)).map(({ st }) => st)).toEqual(['sent', 'sent']);
  });

  test('addresses to register. The others are registered', async () => {
    const { db } = alice.wallet;
    for (let i = 0; i < 25; i += 1) {
      const job = await recipientJob(alice.wallet, newRowId(), 'add', bob.did);
      await db.jobs.add({ ...job, x: spoil(job.x) });
    }
    const { rowId } = await openInvitation(alice, ORIGIN, true);
    await alice.settle();
    expect((await db.invitations.get(rowId))?.state).toBe('live');
    expect(await db.jobs.count()).toBe(25);
  });

  test('the mailbox. It is left alone, and none is set up beside it', async () => {
    const { db } = alice.wallet;
    const [good] = await db.mediators.toArray();
    if (!good) throw new Error('no mailbox');
    const bad = { ...good, x: spoil(good.x) };
    await db.mediators.put(bad);
    for (let i = 0; i < 3; i += 1) expect(await alice.settle()).toBe(false);
    expect(await db.mediators.toArray()).toEqual([bad]);
    await db.mediators.put(good);
    expect(await alice.settle()).toBe(true);
  });

  test('the mailbox, beside one that can be read: that one is used', async () => {
    const { db } = alice.wallet;
    const [good] = await db.mediators.toArray();
    if (!good) throw new Error('no mailbox');
    await db.mediators.put({ ...good, id: '-first-by-id', x: spoil(good.x) });
    expect((await readyMediator(alice.wallet))?.rowId).toBe(good.id);
  });

  test('a request for a mailbox: another is made', async () => {
    const { db } = alice.wallet;
    const [good] = await db.mediators.toArray();
    if (!good) throw new Error('no mailbox');
    await db.mediators.put({ ...good, state: 'requested', x: spoil(good.x) });
    expect(await alice.settle()).toBe(true);
    expect((await db.mediators.toArray()).map(({ state }) => state).toSorted()).toEqual([
      'ready',
      'requested',
    ]);
  });

  test('the profile, a message, a draft', async () => {
    const { db } = alice.wallet;
    await deliver(alice, await textLetter(bob, bobsAlice, 'hi'));
    await saveDraft(alice.wallet, bobId, 'unsent');
    for (const table of [db.profile, db.messages, db.drafts])
      await table.toCollection().modify((row: { x: Bytes }) => {
        row.x = spoil(row.x);
      });
    expect(await myName(alice.wallet)).toBe('');
    await retryMessage(alice.wallet, (await db.messages.toArray())[0]?.id ?? '', 'en');
    await markRead(alice.wallet, bobId);
    mediator.put(await letter(bob, bobsAlice, PROFILE, { send_back_yours: true }));
    mediator.put(await textLetter(bob, bobsAlice, 'more'));
    expect(await alice.settle()).toBe(true);
    expect(await texts(bobId)).toEqual(['them: ?', 'them: more']);
  });

  test('receipts to give. They stay, and the others are given', async () => {
    const { db } = alice.wallet;
    mediator.put(await letter(bob, bobsAlice, REQUEST_RECEIPTS, WANTS_ALL));
    await alice.settle();
    const id = newRowId();
    const x = spoil(await alice.wallet.vault.seal('receipts', id, { messageId: 'm' }));
    await db.receipts.bulkAdd(Array.from({ length: 120 }, () => ({ id, c: bobId, x })));
    await deliver(alice, await textLetter(bob, bobsAlice, 'hi', { id: 'hi' }));
    await confirmReceived(alice.wallet);
    expect(await db.receipts.count()).toBe(120);
    const given = (await queuedFor(alice.wallet, bob)).map(
      ({ message }) => message.body['receipts'],
    );
    expect(given).toMatchObject([[{ message_id: 'hi', state: 'received' }]]);
  });

  test('a contact that wants receipts. They wait for it', async () => {
    const { db } = alice.wallet;
    mediator.put(await letter(bob, bobsAlice, REQUEST_RECEIPTS, WANTS_ALL));
    await alice.settle();
    await deliver(alice, await textLetter(bob, bobsAlice, 'hi'));
    const good = await db.contacts.get(bobId);
    if (!good) throw new Error('no contact');
    await db.contacts.put({ ...good, x: spoil(good.x) });
    expect(await alice.settle()).toBe(true);
    expect(await db.receipts.count()).toBe(1);
    await db.contacts.put(good);
    await alice.settle();
    expect(await db.receipts.count()).toBe(0);
  });
});

test('a key that is damaged opens nothing, and other mail comes through', async () => {
  const { db } = alice.wallet;
  const [carol, carolId, carolsAlice] = await secondContact();
  await db.keys.toCollection().modify((row) => {
    Object.assign(row, { wrapped: damaged(row.wrapped) });
  });
  const kept = await openInvitation(alice, ORIGIN, true);
  expect(
    await deliver(
      alice,
      await textLetter(carol, carolsAlice, 'lost'),
      await letter(bob, kept.did, PROFILE, {}, { pthid: kept.oobId }),
    ),
  ).toBe(0);
  expect(await quarantineReasons(alice.wallet)).toEqual(['not-for-us', 'to']);
  expect(await texts(carolId)).toEqual([]);
});

test('mail that waits longer than its mark is remembered comes in once, and blocks no page', async () => {
  const { db } = alice.wallet;
  const good = await db.contacts.get(bobId);
  if (!good) throw new Error('no contact');
  await db.contacts.put({ ...good, x: newer(good.x) });
  const held = await textLetter(bob, bobsAlice, 'held');
  mediator.put(held);
  await alice.settle();
  await db.seen0.clear();
  mediator.put(held);
  mediator.put(await textLetter(bob, bobsAlice, 'later'));
  expect(await alice.settle()).toBe(true);
  await db.contacts.put(good);
  await alice.settle();
  expect(await texts(bobId)).toEqual(['them: held', 'them: later']);
});

test('an envelope that crashed the worker three times is set aside whole, and the rest goes on', async () => {
  const { db } = alice.wallet;
  const packed = await textLetter(bob, bobsAlice, 'poison');
  const id = newRowId();
  const x = await alice.wallet.device.sealInbox(id, { packed, receivedAt: Date.now() });
  await db.inbox.add({ id, tries: 3, x });
  expect(await deliver(alice, await textLetter(bob, bobsAlice, 'good'))).toBe(1);
  expect(await texts(bobId)).toEqual(['them: good']);
  const [row] = await db.quarantine.toArray();
  if (!row) throw new Error('not in quarantine');
  expect(row.reason).toBe('unreadable');
  expect(await alice.wallet.vault.open('quarantine', row.rowId, row.x)).toEqual({
    kind: 'ok',
    value: { packed },
  });
});

test('quarantine is a ring: two hundred rows, four megabytes, the newest always', async () => {
  const { db } = alice.wallet;
  const junk = Array.from({ length: 215 }, (_, i) => `{"junk":${i}}`);
  await deliver(alice, ...junk);
  expect(await db.quarantine.count()).toBe(200);
  const big = Array.from({ length: 6 }, (_, i) => `{"junk":"${String(i).repeat(900_000)}"}`);
  await deliver(alice, ...big);
  const sizes = (await db.quarantine.orderBy(':id').toArray()).map(({ size }) => size);
  expect(sizes).toEqual(Array(4).fill(900_011));
  expect(await processInbox(alice.wallet, reportBudget(alice.wallet.clock))).toBe(0);
  expect(await contactById(alice.wallet, bobId)).toBeDefined();
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { startAffinidi, type AffinidiPeer } from '../../e2e/peers/affinidi.ts';
import { isDid, type Did } from '../did/did.ts';
import { befriend } from '../testing/foreign.ts';
import { newPeer } from '../testing/peer.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { retryMessage, sendText } from './chat.ts';
import { readMailboxOffer, requestMailbox } from './mailbox-offer.ts';
import { readyMediator } from './mediators.ts';
import { MAILBOX_MOVE_ERROR } from './status.ts';

// I54: mediators that take mail of users with an account there and of nobody else.

let mediator: Mediator;
let affinidi: AffinidiPeer;
let theirDid: Did;
let alice: TestWallet;
beforeEach(async () => {
  mediator = await freshMediator();
  affinidi = await startAffinidi();
  if (!isDid(affinidi.did)) throw new Error(affinidi.did);
  theirDid = affinidi.did;
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
});
afterEach(async () => {
  await mediator.close();
  await affinidi.close();
});

test('as a mailbox: said at once, and nothing is asked of it', async () => {
  expect(await readMailboxOffer(alice.wallet, affinidi.invitation)).toEqual({ kind: 'login' });
  expect(affinidi.asked).toEqual([]);
});

test('as a mailbox whose DID says so only when it is set up: the one in use stays', async () => {
  const before = await readyMediator(alice.wallet);
  await requestMailbox(alice.wallet, { mediatorDid: theirDid, host: 'later', name: '' });
  await alice.settle();
  expect(await readyMediator(alice.wallet)).toEqual(before);
  expect((await alice.wallet.db.settings.get(MAILBOX_MOVE_ERROR))?.value).toBe('login');
  expect(await alice.wallet.db.mediators.where({ state: 'requested' }).count()).toBe(0);
  expect(affinidi.asked).toEqual([]);
});

test('as the mailbox of a contact: the text fails with that reason, and again when tried again', async () => {
  const bob = await newPeer([{ uri: theirDid }]);
  const id = await befriend(alice, mediator.url, bob);
  await sendText(alice.wallet, id, 'hello', 'en');
  for (let round = 0; round < 2; round += 1) {
    await alice.settle();
    const [message] = await alice.wallet.db.messages.toArray();
    expect([message?.st, message?.why]).toEqual(['failed', 'login']);
    expect(await alice.wallet.db.outbox.count()).toBe(0);
    await retryMessage(alice.wallet, message?.id ?? '', 'en');
  }
  expect(await alice.wallet.db.outbox.count()).toBe(1);
  expect(affinidi.asked).toEqual([]);
});

test('another address of the contact is used instead', async () => {
  const bob = await newPeer([{ uri: theirDid }, { uri: `${mediator.url}/nowhere` }]);
  const id = await befriend(alice, mediator.url, bob);
  await sendText(alice.wallet, id, 'hello', 'en');
  await alice.settle();
  const [message] = await alice.wallet.db.messages.toArray();
  expect(message?.why).not.toBe('login');
  expect(affinidi.asked).toEqual([]);
});

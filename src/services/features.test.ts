import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { startIdentusMediator } from '../../e2e/peers/identus-mediator.ts';
import { resolveDid } from '../did/resolve.ts';
import { openEnvelope } from '../didcomm/trust-gate.ts';
import { openRow, OutboxPayload } from '../storage/payloads.ts';
import { acquaintances } from '../testing/acquaintances.ts';
import {
  befriend,
  contactOf,
  deliver,
  letter,
  openInvitation,
  queuedFor,
  textLetter,
} from '../testing/foreign.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { changeContact } from './change-contact.ts';
import { acceptRequest } from './invitations.ts';
import { readMailboxOffer, requestMailbox } from './mailbox-offer.ts';
import { secretsOf } from './own-dids.ts';

// What a peer disclosed decides what is offered to it.

const DISCLOSE = 'https://didcomm.org/discover-features/2.0/disclose';
const BASICMESSAGE = 'https://didcomm.org/basicmessage/2.0';
const USER_PROFILE = 'https://didcomm.org/user-profile/1.0';
const TRUST_PING = 'https://didcomm.org/trust-ping/2.0';

let mediator: Mediator;
let alice: TestWallet;
let peer: Peer;
beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
  peer = await newPeer([{ uri: 'https://nowhere.example.org/' }]);
});

const naming = (...protocols: readonly string[]) => ({
  disclosures: protocols.map((id) => ({ 'feature-type': 'protocol', id })),
});
const typesFor = async (): Promise<string[]> =>
  (await queuedFor(alice.wallet, peer)).map(({ message }) => message.type);

/** Answers the question that the wallet asked with its first words. */
async function answer(friend: string, ...protocols: readonly string[]): Promise<void> {
  const { myDid, asked } = (await contactOf(alice.wallet, friend)).payload;
  await deliver(
    alice,
    await letter(peer, myDid, DISCLOSE, naming(...protocols), { thid: asked?.id }),
  );
}
const hello = async (friend: string): Promise<boolean> =>
  sendText(alice.wallet, friend, 'hello', 'en');

describe('texts', () => {
  test('are not written to who speaks other things, until it writes one itself', async () => {
    const friend = await befriend(alice, mediator.url, peer);
    expect(await hello(friend)).toBe(true);
    await answer(friend, USER_PROFILE, TRUST_PING);
    expect((await contactOf(alice.wallet, friend)).payload.peerClass).toBe('textless');
    expect(await hello(friend)).toBe(false);
    const { myDid } = (await contactOf(alice.wallet, friend)).payload;
    await deliver(alice, await textLetter(peer, myDid, 'I do speak'));
    expect(await hello(friend)).toBe(true);
  });

  test('are written to who names them beside entries of odd shape', async () => {
    const friend = await befriend(alice, mediator.url, peer);
    const { myDid, asked } = (await contactOf(alice.wallet, friend)).payload;
    const disclosures = [
      { 'feature-type': 'protocol' },
      { id: USER_PROFILE },
      { 'feature-type': 'protocol', id: TRUST_PING, roles: 'sender' },
      'protocol',
      { 'feature-type': 'protocol', id: BASICMESSAGE, roles: null },
    ];
    await deliver(alice, await letter(peer, myDid, DISCLOSE, { disclosures }, { thid: asked?.id }));
    expect((await contactOf(alice.wallet, friend)).payload.features).toEqual([BASICMESSAGE]);
    expect(await hello(friend)).toBe(true);
  });

  test('are written to who does not tell', async () => {
    const friend = await befriend(alice, mediator.url, peer);
    await answer(friend);
    expect((await contactOf(alice.wallet, friend)).payload.features).toBeUndefined();
    expect(await hello(friend)).toBe(true);
  });
});

describe('what is said first', () => {
  test.each([
    ['nothing was told', undefined, ['profile', 'request-receipts', 'queries']],
    ['neither profile nor receipts', [BASICMESSAGE], ['queries']],
    ['a profile alone', [BASICMESSAGE, USER_PROFILE], ['profile', 'queries']],
  ])('%s', async (_, protocols, said) => {
    const invitation = await openInvitation(alice, mediator.url, false);
    const pthid = invitation.oobId;
    const first = protocols ? naming(...protocols) : naming();
    await deliver(alice, await letter(peer, invitation.did, DISCLOSE, first, { pthid }));
    const [row] = await alice.wallet.db.contacts.toArray();
    expect(await acceptRequest(alice.wallet, row?.id ?? '')).toBe(true);
    await deliver(alice, await textLetter(peer, invitation.did, 'thanks'));
    expect((await typesFor()).map((type) => type.split('/').at(-1))).toEqual(said);
  });

  test('also by an inviter that lets in by itself', async () => {
    const invitation = await openInvitation(alice, mediator.url, true);
    const pthid = invitation.oobId;
    const first = naming(BASICMESSAGE);
    await deliver(alice, await letter(peer, invitation.did, DISCLOSE, first, { pthid }));
    expect((await typesFor()).map((type) => type.split('/').at(-1))).toEqual(['queries']);
  });
});

test.each([
  ['who answers pings gets one', [BASICMESSAGE, TRUST_PING], 'ping-response'],
  ['who answers none is asked in another way', [BASICMESSAGE], 'empty'],
])('for a word to a new mailbox: %s', async (_, features, word) => {
  const other = await startIdentusMediator(20);
  const { alice: anna, bob } = await acquaintances(mediator);
  await changeContact(anna.wallet, anna.friend, (payload) => ({ ...payload, features }));
  const reading = await readMailboxOffer(anna.wallet, other.link);
  if (reading.kind !== 'offer') throw new Error(reading.kind);
  await requestMailbox(anna.wallet, reading.offer);
  await anna.settle();
  await anna.settle();
  // Bob's answers stay in his outbox.
  await bob.wallet.db.jobs.add({ id: 'hold', lane: bob.friend, nextAt: 1e15, x: new Uint8Array() });
  await bob.settle();
  const [answer] = await bob.wallet.db.outbox.toArray();
  const sealed = answer && (await openRow(bob.wallet.device, OutboxPayload, 'outbox', answer));
  const opened = await openEnvelope(sealed?.inner ?? '', {
    engine: anna.wallet.engine,
    secrets: secretsOf(anna.wallet),
    resolve: resolveDid,
    now: Date.now(),
  });
  expect(opened.kind === 'ok' && opened.inbound.message.type.split('/').at(-1)).toBe(word);
  await other.close();
});

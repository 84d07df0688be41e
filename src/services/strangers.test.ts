import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { packAnoncrypt } from '../didcomm/pack.ts';
import { newMessageId } from '../lib/ids.ts';
import { forgeFromPrior } from '../testing/forge.ts';
import { befriend, contactOf, deliver, openInvitation, textLetter } from '../testing/foreign.ts';
import { moveOf, nowSeconds } from '../testing/hostile/world.ts';
import { documentOf } from '../testing/peer-did.ts';
import { newPeer } from '../testing/peer.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { setUse } from './codes.ts';
import { reconnect } from './end-relationship.ts';

// What people may do who hold nothing but a printed code, or who never keep still.

vi.setConfig({ testTimeout: 60_000 });

let mediator: Mediator;
let alice: TestWallet;

beforeEach(async () => {
  mediator = await freshMediator();
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
});
afterEach(() => mediator.close());

async function sharedCode() {
  const invitation = await openInvitation(alice, mediator.url, false);
  await setUse(alice.wallet, invitation.rowId, 'shared', mediator.url);
  await alice.settle();
  return invitation;
}
const contactsIn = (state: string) => alice.wallet.db.contacts.where({ state }).toArray();

test('who asked, was not let in and ended is not let in by a reconnection', async () => {
  const invitation = await sharedCode();
  const stranger = await newPeer();
  await deliver(
    alice,
    await textLetter(stranger, invitation.did, 'hi', { pthid: invitation.oobId }),
  );
  const claims = { iss: stranger.did, iat: nowSeconds() };
  const ending = await packAnoncrypt(nativeEngine, {
    plaintext: {
      id: newMessageId(),
      type: 'https://didcomm.org/empty/1.0/empty',
      typ: 'application/didcomm-plain+json',
      to: [invitation.did],
      body: {},
      from_prior: await forgeFromPrior({ by: stranger.signing, claims }),
    },
    recipient: await documentOf(invitation.did),
  });
  if (ending.kind !== 'ok') throw new Error(ending.kind);
  await deliver(alice, ending.packed);
  const [left] = await contactsIn('left');
  expect(await reconnect(alice.wallet, left?.id ?? '')).toBe(true);
  expect((await contactsIn('asking')).map(({ id }) => id)).toEqual([left?.id]);
  expect(await alice.wallet.db.outbox.count()).toBe(0);
});

test('a code that went round brings a hundred requests and no more', async () => {
  const invitation = await sharedCode();
  const letters = await Promise.all(
    Array.from({ length: 104 }, async () =>
      textLetter(await newPeer(), invitation.did, 'let me in', { pthid: invitation.oobId }),
    ),
  );
  await deliver(alice, ...letters);
  expect(await contactsIn('asking')).toHaveLength(100);
});

test('a contact that moves without end is followed, and its row does not grow', async () => {
  let now = await newPeer();
  const id = await befriend(alice, mediator.url, now);
  const to = (await contactOf(alice.wallet, id)).payload.myDid;
  for (let move = 0; move < 35; move += 1) {
    const next = await newPeer();
    const fromPrior = await moveOf(now, next, nowSeconds());
    await deliver(alice, await textLetter(next, to, `move ${move}`, { from_prior: fromPrior }));
    now = next;
  }
  const { payload } = await contactOf(alice.wallet, id);
  expect(payload.theirDid).toBe(now.did);
  expect(payload.theirPriorDids).toHaveLength(30);
});

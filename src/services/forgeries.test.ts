import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import {
  befriend,
  contactOf,
  deliver,
  openInvitation,
  publicFace,
  quarantineReasons,
  relationsOf,
  textLetter,
} from '../testing/foreign.ts';
import { forgeries } from '../testing/forged/all.ts';
import type { Cast } from '../testing/forged/cast.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';

/** Some forgeries are a second beyond what is allowed. */
const NOW = Date.now();

let mediator: Mediator;
let wallet: TestWallet;
let friend: Peer;
let cast: Cast;
let contactId: string;

beforeAll(async () => {
  mediator = await freshMediator();
  wallet = await freshWallet('Bob', mediator.url, { clock: { now: () => NOW } });
  await wallet.settle();
  friend = await newPeer();
  contactId = await befriend(wallet, mediator.url, friend);
  const elsewhere = await openInvitation(wallet, mediator.url, true);
  const { payload } = await contactOf(wallet.wallet, contactId);
  cast = {
    alice: friend,
    bob: await publicFace(payload.myDid),
    bobElsewhere: await publicFace(elsewhere.did),
    mallory: await newPeer(),
    aliceBefore: await newPeer(),
    nowSeconds: Math.floor(NOW / 1000),
  };
});
afterAll(() => mediator.close());

test('a forgery by or about a contact rests in quarantine, changes nothing, and holds up nobody', async () => {
  const before = await relationsOf(wallet.wallet);
  const wrong: string[] = [];
  const BATCH = 100; // below what quarantine keeps
  for (let from = 0; from < forgeries.length; from += BATCH) {
    const batch = forgeries.slice(from, from + BATCH);
    await wallet.wallet.db.quarantine.clear();
    await deliver(wallet, ...(await Promise.all(batch.map(async ({ pack }) => pack(cast)))));
    const reasons = await quarantineReasons(wallet.wallet);
    batch.forEach(({ name, expected, keptAs = expected }, i) => {
      if (reasons[i] !== keptAs) wrong.push(`${name}: ${keptAs}, not ${String(reasons[i])}`);
    });
  }
  expect(wrong).toEqual([]);
  expect(await relationsOf(wallet.wallet)).toEqual(before);
  expect(await deliver(wallet, await textLetter(friend, cast.bob.did, 'still here'))).toBe(1);
  expect(await wallet.chat(contactId)).toEqual([{ text: 'them: still here', st: 'unread' }]);
});

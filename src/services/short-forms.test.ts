import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import type { Did } from '../did/did.ts';
import { peer3Of } from '../did/peer3.ts';
import { createPeer4 } from '../did/peer4-create.ts';
import { befriend, contactOf, deliver, quarantineReasons, textLetter } from '../testing/foreign.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';

// Rules I50 and R39: a peer that is met by its long did:peer:4 goes on by the short one.

let mediator: Mediator;
let wallet: TestWallet;
let long: Peer;
let short: Peer;
let contactId: string;
let myDid: Did;

const under = (peer: Peer, did: Did): Peer => ({
  ...peer,
  did,
  agreement: { ...peer.agreement, kid: `${did}#key-1` },
  signing: { ...peer.signing, kid: `${did}#key-2` },
});

const peer4 = async (): Promise<readonly [Peer, Peer]> => {
  const peer = await newPeer();
  const forms = await createPeer4({
    agreement: peer.agreement.publicBytes,
    signing: peer.signing.publicBytes,
    services: [{ uri: 'https://peer.example' }],
  });
  return [under(peer, forms.long), under(peer, forms.short)];
};

beforeAll(async () => {
  mediator = await freshMediator();
  wallet = await freshWallet('Alice', mediator.url);
  await wallet.settle();
  [long, short] = await peer4();
  contactId = await befriend(wallet, mediator.url, long);
  myDid = (await contactOf(wallet.wallet, contactId)).payload.myDid;
});
afterAll(() => mediator.close());

test('both forms are one contact, which is written to by the long one', async () => {
  expect(await deliver(wallet, await textLetter(long, myDid, 'by the long one'))).toBe(1);
  expect(await deliver(wallet, await textLetter(short, myDid, 'by the short one'))).toBe(1);
  expect(await wallet.wallet.db.contacts.count()).toBe(1);
  expect(await wallet.chat(contactId)).toMatchObject([
    { text: 'them: by the long one' },
    { text: 'them: by the short one' },
  ]);
  expect((await contactOf(wallet.wallet, contactId)).payload.theirDid).toBe(long.did);
});

test('what came under one form does not come again under the other', async () => {
  expect(await deliver(wallet, await textLetter(short, myDid, 'once', { id: 'once' }))).toBe(1);
  expect(await deliver(wallet, await textLetter(long, myDid, 'twice', { id: 'once' }))).toBe(0);
});

test('who was met by a did:peer:2 may go on by its did:peer:3', async () => {
  const peer = await newPeer([{ uri: 'https://peer.example' }]);
  const id = await befriend(wallet, mediator.url, peer);
  const { myDid: mine } = (await contactOf(wallet.wallet, id)).payload;
  const hashed = under(peer, (await peer3Of(peer.did))!);
  expect(await deliver(wallet, await textLetter(hashed, mine, 'by the hash'))).toBe(1);
  expect(await wallet.chat(id)).toMatchObject([{ text: 'them: by the hash' }]);
});

test('the short form of a stranger says nothing', async () => {
  const [, stranger] = await peer4();
  await deliver(wallet, await textLetter(stranger, myDid, 'hello'));
  expect(await quarantineReasons(wallet.wallet)).toEqual(['did']);
});

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { startDifDemo, type DifDemo } from '../../e2e/peers/dif-demo.ts';
import { openInvitation } from '../testing/foreign.ts';
import { acceptCode, freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { contactName } from './contact-name.ts';
import { contactById, type Contact } from './contacts.ts';

// The DIF demo client and our wallet, both at our mediator.

let mediator: Mediator;
let mediatorDid: string;
let alice: TestWallet;
let demo: DifDemo;

beforeAll(async () => {
  mediator = await freshMediator();
  const invitation = (await (await fetch(`${mediator.url}/invitation`)).json()) as { from: string };
  mediatorDid = invitation.from;
});
afterAll(() => mediator.close());
beforeEach(async () => {
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
  demo = await startDifDemo(mediatorDid, 'Dif');
  return () => demo.close();
});

async function exchange(): Promise<void> {
  for (let i = 0; i < 2; i += 1) {
    await alice.settle();
    await demo.refresh();
  }
}

async function only(): Promise<Contact> {
  const [row] = await alice.wallet.db.contacts.toArray();
  const contact = row && (await contactById(alice.wallet, row.id));
  if (!contact) throw new Error('no contact');
  return contact;
}

async function chat(): Promise<string[]> {
  return (await alice.chat((await only()).row.id)).map(({ text }) => text);
}

test('it enrols without a return route and is answered within the exchange (I58, I65)', async () => {
  // The answer to `messages-received` too: it would throw.
  await demo.refresh();
  expect(demo.history).toEqual([]);
});

test('it answers our invitation: names, texts both ways, and it follows our move (I38, I42, I45)', async () => {
  const invitation = await openInvitation(alice, mediator.url, true);
  await alice.settle();
  await demo.accept(invitation.url);
  await exchange();
  const { row, payload } = await only();
  expect([row.state, contactName(payload)]).toEqual(['connected', 'Dif']);
  expect(payload.theirDid).toBe(demo.did);
  expect(demo.contactDid).toBe(payload.myDid);
  expect(payload.myDid).not.toBe(invitation.did);

  await demo.send('hi there');
  await alice.settle();
  await sendText(alice.wallet, row.id, 'hello Dif', 'en');
  await exchange();
  expect(await chat()).toEqual(['them: hi there', 'me: hello Dif']);
  expect(demo.history).toEqual(['Dif: hi there', 'Alice: hello Dif']);
  expect(await alice.wallet.db.quarantine.count()).toBe(0);
});

test('we answer its invitation, and its address is known in both forms (I50)', async () => {
  const contactId = await acceptCode(alice, demo.invite());
  await sendText(alice.wallet, contactId, 'knock knock', 'en');
  await exchange();
  await demo.send('who is there?');
  await exchange();
  const { row, payload } = await only();
  expect(row.state).toBe('connected');
  expect(payload.theirDid).toBe(demo.did);
  expect(await chat()).toEqual(['me: knock knock', 'them: who is there?']);
  expect(demo.history.map((line) => line.split(': ')[1])).toEqual(['knock knock', 'who is there?']);
});

test('it moves, with a proof that names no curve (I42)', async () => {
  const contactId = await acceptCode(alice, demo.invite());
  await sendText(alice.wallet, contactId, 'still there?', 'en');
  await exchange();
  const before = demo.did;
  await demo.rotate();
  await demo.send('moved');
  await exchange();
  const { payload } = await only();
  expect([payload.theirDid, payload.theirPriorDids]).toEqual([demo.did, [before]]);
  await sendText(alice.wallet, contactId, 'found you', 'en');
  await exchange();
  expect(demo.history.at(-1)).toContain('found you');
});

test('its times in milliseconds do not move our messages (I45)', async () => {
  const contactId = await acceptCode(alice, demo.invite());
  await sendText(alice.wallet, contactId, 'one', 'en');
  await exchange();
  await demo.send('two');
  await exchange();
  await sendText(alice.wallet, contactId, 'three', 'en');
  expect(await chat()).toEqual(['me: one', 'them: two', 'me: three']);
});

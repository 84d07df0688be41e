import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { startCredo, type Credo } from '../../e2e/peers/credo.ts';
import { acceptCode, freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { contactById, type Contact } from './contacts.ts';

// A Credo agent and our wallet, both at our mediator.

let mediator: Mediator;
let alice: TestWallet;
let credo: Credo;
let contactId: string;

beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  const printed = (await (await fetch(`${mediator.url}/invitation`)).json()) as { from: string };
  credo = await startCredo(printed);
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
  contactId = await acceptCode(alice, credo.invite());
  await sendText(alice.wallet, contactId, 'hello', 'en');
  await alice.settle();
});

async function contact(): Promise<Contact> {
  const found = await contactById(alice.wallet, contactId);
  if (!found) throw new Error('no contact');
  return found;
}
const chat = async (): Promise<string[]> => (await alice.chat(contactId)).map(({ text }) => text);
const reasons = async (): Promise<string[]> =>
  (await alice.wallet.db.quarantine.toArray()).map(({ reason }) => reason);

test('its invitation without a body is answered; texts have integer times (I36, I44)', async () => {
  const seen = await credo.fetch();
  expect(seen).toContain('hello');
  expect(seen.filter((text) => text.startsWith('refused '))).toContain(
    'refused https://didcomm.org/user-profile/1.0/profile',
  );
});

test('it moves before its first words; then it is known by its short form (I42, I50, I62)', async () => {
  await credo.fetch();
  const invited = (await contact()).payload.theirDid;
  await credo.send('moved before I speak');
  await alice.settle();
  const { row, payload } = await contact();
  expect(row.state).toBe('connected');
  expect(payload.theirPriorDids).toEqual([invited]);
  expect(payload.theirDid).toBe(credo.long);

  await sendText(alice.wallet, contactId, 'I follow', 'en');
  await alice.settle();
  expect(await credo.fetch()).toContain('I follow');
  expect(credo.from).not.toContain(':z');
  await credo.send('in short');
  await alice.settle();
  expect(await chat()).toEqual([
    'me: hello',
    'them: moved before I speak',
    'me: I follow',
    'them: in short',
  ]);
  expect(await reasons()).toEqual([]);
});

test('a text in a thread of its own is no reply to anything (I46)', async () => {
  await credo.fetch();
  await credo.send('one');
  await credo.send('two', { created_time: undefined });
  await alice.settle();
  expect(await chat()).toEqual(['me: hello', 'them: one', 'them: two']);
});

test('an envelope of version 1 rests in quarantine, and what comes behind it is read (I12, I48)', async () => {
  await credo.fetch();
  await credo.forward(credo.v1Envelope());
  await credo.send('again in version 2');
  await alice.settle();
  expect(await chat()).toContain('them: again in version 2');
  expect(await reasons()).toHaveLength(1);
});

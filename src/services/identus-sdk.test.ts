import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { parseAsSdk, startIdentusSdk, type IdentusSdk } from '../../e2e/peers/identus-sdk.ts';
import { openInvitation, type OpenInvitation } from '../testing/foreign.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import { contactById, type Contact } from './contacts.ts';

// A wallet on the Identus SDK and ours, both at our mediator.

const MERCURY = 'https://atalaprism.io/mercury/connections/1.0';
const TEXT = 'https://didcomm.org/basicmessage/2.0/message';

let mediator: Mediator;
let alice: TestWallet;
let sdk: IdentusSdk;
let invitation: OpenInvitation;

beforeAll(async () => {
  mediator = await freshMediator();
});
afterAll(() => mediator.close());
beforeEach(async () => {
  const printed = (await (await fetch(`${mediator.url}/invitation`)).json()) as { from: string };
  sdk = await startIdentusSdk(printed);
  alice = await freshWallet('Zoë?>~', mediator.url);
  await alice.settle();
  invitation = await openInvitation(alice, mediator.url, true);
  await alice.settle();
});

async function only(): Promise<Contact> {
  const [row] = await alice.wallet.db.contacts.toArray();
  const contact = row && (await contactById(alice.wallet, row.id));
  if (!contact) throw new Error('no contact');
  return contact;
}
async function poll(): Promise<readonly (readonly [string, unknown])[]> {
  await alice.settle();
  return (await sdk.poll()).map(({ type, body }) => [type, body] as const);
}

test('our invitation reads under its validation, with the standard alphabet alone (I35)', () => {
  expect(parseAsSdk(invitation.url)).toMatchObject({
    id: invitation.oobId,
    from: invitation.did,
    body: { label: 'Zoë?>~', accept: ['didcomm/v2'] },
  });
  expect(() => parseAsSdk(`https://a.example/?_oob=${'-_'.repeat(40)}`)).toThrow();
});

test('its request is answered by the response: no profile, no request for receipts (I38)', async () => {
  await sdk.accept(invitation.url);
  const [response, ...more] = await poll();
  expect(response).toEqual([`${MERCURY}/response`, { accept: ['didcomm/v2'] }]);
  // One question what it speaks, which it leaves unanswered.
  expect(more.map(([type]) => type)).toEqual(['https://didcomm.org/discover-features/2.0/queries']);
  const { row, payload } = await only();
  expect([row.state, payload.peerClass, payload.theirDid]).toEqual(['connected', 'basic', sdk.did]);
  expect(payload.myDid).toBe(invitation.did);
});

test('texts go both ways; its forwards name their sender, ours do not (I47, I56, I63)', async () => {
  await sdk.accept(invitation.url);
  await poll();
  await sdk.send('from the SDK');
  await alice.settle();
  const { row } = await only();
  expect(await sendText(alice.wallet, row.id, 'to the SDK', 'en')).toBe(true);
  expect(await poll()).toContainEqual([TEXT, { content: 'to the SDK' }]);
  expect((await alice.chat(row.id)).map(({ text }) => text)).toEqual([
    'them: from the SDK',
    'me: to the SDK',
  ]);
  expect(new Set(sdk.forwardAlgorithms)).toEqual(new Set(['ECDH-1PU+A256KW']));
  expect(await alice.wallet.db.quarantine.count()).toBe(0);
});

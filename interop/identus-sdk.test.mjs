// The npm Identus SDK, as it is published, against our mediator and our wallet: `npm run interop`.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Agent, ApiImpl, Apollo, Castor, ListenerKey, Pluto } from '@hyperledger/identus-sdk';
import { BasicMessage } from '@hyperledger/identus-sdk/plugins/didcomm';
import { startMediator } from '../e2e/mediator-process.ts';
import { sendText } from '../src/services/chat.ts';
import { contactById } from '../src/services/contacts.ts';
import { openInvitation } from '../src/testing/foreign.ts';
import { freshWallet } from '../src/testing/wallets.ts';
import { memoryStore } from './store.mjs';

const MERCURY = 'https://atalaprism.io/mercury/connections/1.0';
/** More than the ten that the SDK asks for at a time. */
const TEXTS = Array.from({ length: 12 }, (_, i) => `Hello ${i + 1}`);

/** A mediator process of its own; the pages that it would serve are not needed. */
const dist = mkdtempSync(path.join(tmpdir(), 'parley-interop-'));
writeFileSync(path.join(dist, 'index.html'), '');

let mediator, alice, agent, pluto, contactId, pair;
const received = [];
/** JOSE headers of what the SDK posted, oldest first. */
const posted = [];

before(async () => {
  mediator = await startMediator([], dist);
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
  const apollo = new Apollo();
  pluto = new Pluto(memoryStore(), apollo);
  const invitation = await (await globalThis.fetch(`${mediator.url}/invitation`)).json();
  agent = Agent.initialize({
    apollo,
    castor: new Castor(apollo),
    pluto,
    api: new RecordingApi(),
    mediatorDID: invitation.from,
  });
  agent.addListener(ListenerKey.MESSAGE, (messages) => received.push(...messages));
});
after(async () => {
  await agent.stop();
  await mediator.dispose();
});

/** Its own way to the network, looked at as it goes by. */
class RecordingApi extends ApiImpl {
  request(method, url, parameters, headers, body) {
    const header = Buffer.from(JSON.parse(body).protected, 'base64url').toString();
    posted.push(JSON.parse(header));
    return super.request(method, url, parameters, headers, body);
  }
}

/** Runs the wallet's engine, as events of a service worker would, until something holds. */
async function until(what, holds) {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `in 20 s not: ${what}`);
    await alice.settle();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test('this is the version that was tried', () => {
  const manifest = new URL('node_modules/@hyperledger/identus-sdk/package.json', import.meta.url);
  assert.equal(JSON.parse(readFileSync(manifest, 'utf8')).version, '7.0.0');
});

test('it enrols at our mediator (coordinate-mediation 2.0, routing_did as text)', async () => {
  await agent.start();
  const [kept] = await pluto.getAllMediators();
  assert.match(String(kept?.routingDID), /^did:peer:2\./);
  // It began to ask for its mail every five seconds; for a test that is long.
  agent.stopFetchingMessages();
  await agent.startFetchingMessages(500);
});

test('it reads our invitation, registers a DID and connects by a Mercury request', async () => {
  const invitation = await openInvitation(alice, mediator.url, true);
  await alice.settle();
  await agent.acceptInvitation(await agent.parseInvitation(invitation.url));
  [pair] = await pluto.getAllDidPairs();
  assert.equal(pair.receiver.toString(), invitation.did);
  await until('a contact', async () => (await alice.wallet.db.contacts.count()) === 1);
  const [row] = await alice.wallet.db.contacts.toArray();
  contactId = row.id;
  assert.equal(row.state, 'connected');
  const contact = await contactById(alice.wallet, contactId);
  assert.equal(contact.payload.theirDid, pair.host.toString());
  // A wallet, not a cloud agent: it lives behind a mediator, and texts can be sent to it.
  assert.equal(contact.payload.peerClass, 'basic');
  await until('our response', async () =>
    received.some(
      ({ piuri, thid }) => piuri === `${MERCURY}/response` && thid === invitation.oobId,
    ),
  );
});

test('it receives what we write, also more than it asks for at once', async () => {
  for (const text of TEXTS) assert.equal(await sendText(alice.wallet, contactId, text, 'en'), true);
  const texts = () =>
    received.filter(({ piuri }) => piuri === BasicMessage.type).map(({ body }) => body.content);
  await until('all texts', async () => texts().length >= TEXTS.length);
  // It opens the items of one delivery side by side: their order is not kept.
  assert.deepEqual(texts().sort(), [...TEXTS].sort());
});

test('we receive what it writes', async () => {
  const message = new BasicMessage({ content: 'Hello Parley' }, pair.host, pair.receiver);
  await agent.sendMessage(message.makeMessage());
  const theirs = async () =>
    (await alice.chat(contactId)).map(({ text }) => text).filter((text) => text.startsWith('them'));
  await until('its text', async () => (await theirs()).length > 0);
  assert.deepEqual(await theirs(), ['them: Hello Parley']);
  assert.equal(await alice.wallet.db.quarantine.count(), 0);
  assert.deepEqual(alice.failures, []);
});

test('what we know of its envelopes still holds', () => {
  // Also its forwards name the sender: everything that it ever posts is authcrypt (rules I56, I63).
  assert.deepEqual(
    [...new Set(posted.map(({ alg, enc }) => `${alg} ${enc}`))],
    ['ECDH-1PU+A256KW A256CBC-HS512'],
  );
});

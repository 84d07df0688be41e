import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { linkIdOf } from '../protocols/blind-link/seal.ts';
import { ContactPayload, InvitationPayload, openRow } from '../storage/payloads.ts';
import { freshMediator, freshWallet, type TestWallet } from '../testing/wallets.ts';
import { sendText } from './chat.ts';
import {
  createInvitation,
  invitationToShow,
  markHandedOut,
  revokeInvitation,
  setUse,
} from './codes.ts';
import { deleteChat } from './end-relationship.ts';
import { fetchIntent, readIntent, storeIntent } from './intents.ts';
import { acceptIntent, openCode } from './invitations.ts';

// Codes of our own from their making to their end, and links that lead to codes; real wallets and mediators.

let mediator: Mediator;
const dataDir = mkdtempSync(join(tmpdir(), 'parley-'));
beforeAll(async () => {
  mediator = await freshMediator(dataDir);
});
afterAll(() => mediator.close());

async function person(name: string, spares = 0): Promise<TestWallet> {
  const wallet = await freshWallet(name, mediator.url, { spares, setTimer: () => undefined });
  await wallet.settle();
  return wallet;
}

async function newCode({ wallet }: TestWallet): Promise<string> {
  const made = await createInvitation(wallet, { origin: mediator.url, autoAccept: true });
  if (made.kind !== 'ok') throw new Error(made.kind);
  return made.id;
}

async function codeOf({ wallet }: TestWallet, id: string) {
  const row = await wallet.db.invitations.get(id);
  const payload = row && (await openRow(wallet.vault, InvitationPayload, 'invitations', row));
  if (!payload) throw new Error('no such code');
  return {
    row,
    ...payload,
    shortUrl: payload.shortUrl ?? '',
    secretB64u: payload.secretB64u ?? '',
  };
}

async function opened({ wallet }: TestWallet, link: string, ownOrigin = mediator.url) {
  const outcome = await openCode(wallet, link, ownOrigin);
  return outcome.kind === 'preview' ? outcome.intentId : outcome.kind;
}

/** Opens a link, fetches what it leads to, accepts it. @returns the contact */
async function accept(wallet: TestWallet, link: string): Promise<string> {
  const intentId = await opened(wallet, link);
  await wallet.settle();
  const accepted = await acceptIntent(wallet.wallet, intentId);
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  await wallet.settle();
  return accepted.contactId;
}

const settleAll = async (...wallets: readonly TestWallet[]): Promise<void> => {
  for (let round = 0; round < 3; round += 1) for (const wallet of wallets) await wallet.settle();
};

async function contactsOf({ wallet }: TestWallet) {
  const rows = await wallet.db.contacts.toArray();
  return Promise.all(
    rows.map(async (row) => {
      const payload = await openRow(wallet.vault, ContactPayload, 'contacts', row);
      return { id: row.id, state: row.state, name: payload?.claimedName, myDid: payload?.myDid };
    }),
  );
}

test('a short link leads from one wallet to the other, and the mediator never sees what it says', async () => {
  const [alice, bob] = [await person('Alice-in-the-link'), await person('Bob')];
  const id = await newCode(alice);
  expect((await codeOf(alice, id)).row).toMatchObject({ state: 'preparing', link: 'asked' });
  await alice.settle();
  const { row, shortUrl, secretB64u, oobId } = await codeOf(alice, id);
  expect(row).toMatchObject({ state: 'live', link: 'ready' });
  expect(shortUrl).toBe(`${mediator.url}/i#${secretB64u}`);
  expect(await opened(alice, shortUrl)).toBe('own');

  const link = await linkIdOf(secretB64u);
  expect((await fetch(`${mediator.url}/i/${link}`)).status).toBe(200);
  const files = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name)));
  const holds = (text: string, encoding: 'utf8' | 'base64url' = 'utf8') =>
    files.some((file) => file.includes(text, 0, encoding));
  expect(holds(link, 'base64url')).toBe(true);
  for (const secret of [secretB64u, oobId, 'Alice-in-the-link']) expect(holds(secret)).toBe(false);
  expect(holds(secretB64u, 'base64url')).toBe(false);

  const intentId = await opened(bob, shortUrl);
  expect(await readIntent(bob.wallet, intentId)).toMatchObject({ kind: 'opening' });
  expect((await acceptIntent(bob.wallet, intentId)).kind).toBe('no-answer');
  await bob.settle();
  expect(await readIntent(bob.wallet, intentId)).toMatchObject({
    kind: 'ok',
    invitation: { label: 'Alice-in-the-link' },
  });
  expect((await acceptIntent(bob.wallet, intentId)).kind).toBe('accepted');
  await settleAll(bob, alice);
  expect(await contactsOf(alice)).toMatchObject([{ state: 'connected', name: 'Bob' }]);

  // Either form of the code leads to the contact, although she has moved away from its address since.
  expect(await opened(bob, shortUrl)).toBe('known');
  expect(await opened(bob, (await codeOf(alice, id)).url)).toBe('known');
});

test('a code for one person that was used: its link is withdrawn, and nobody waits for an answer', async () => {
  const [alice, bob, carol, dave] = await Promise.all(
    ['Alice', 'Bob', 'Carol', 'Dave'].map((n) => person(n)),
  );
  if (!alice || !bob || !carol || !dave) throw new Error('somebody is missing');
  const id = await newCode(alice);
  await alice.settle();
  const { shortUrl, secretB64u, url } = await codeOf(alice, id);
  const carols = await opened(carol, shortUrl);
  await carol.settle();
  expect((await readIntent(carol.wallet, carols)).kind).toBe('ok');
  await accept(bob, shortUrl);
  await settleAll(alice, bob);
  expect((await fetch(`${mediator.url}/i/${await linkIdOf(secretB64u)}`)).status).toBe(404);
  expect(await alice.wallet.db.linkJobs.count()).toBe(0);

  // Whoever opens it now is told; who used it is led to the contact, without a network too.
  const late = await opened(dave, shortUrl);
  await dave.settle();
  expect(await readIntent(dave.wallet, late)).toEqual({ kind: 'withdrawn' });
  expect(await opened(alice, shortUrl)).toBe('own-over');
  expect(await opened(alice, url)).toBe('own-over');
  bob.network.online = false;
  expect(await opened(bob, shortUrl)).toBe('known');
  const arrived = await storeIntent(bob.wallet, shortUrl, 'arrived', mediator.url);
  expect((await readIntent(bob.wallet, arrived)).kind).toBe('known');
  expect(await bob.wallet.db.intents.where('fetch').equals('asked').count()).toBe(0);

  // Who had its content before answers, and hears from Alice's wallet that it is over.
  const accepted = await acceptIntent(carol.wallet, carols);
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  const { contactId } = accepted;
  await carol.settle();
  expect(await contactsOf(carol)).toMatchObject([{ state: 'connecting' }]);
  carol.network.online = false;
  await sendText(carol.wallet, contactId, 'are you there?', 'en');
  await settleAll(alice);
  expect(await contactsOf(alice)).toMatchObject([{ name: 'Bob' }]);
  carol.network.online = true;
  await settleAll(carol);
  expect(await contactsOf(carol)).toMatchObject([{ state: 'void' }]);
  expect(await carol.chat(contactId)).toEqual([{ text: 'me: are you there?', st: 'failed' }]);
  expect(await sendText(carol.wallet, contactId, 'hello?', 'en')).toBe(false);
  expect(await opened(carol, url)).toBe('withdrawn');
  expect(await opened(carol, shortUrl)).toBe('withdrawn');
  await deleteChat(carol.wallet, contactId);
  await settleAll(carol);
  expect(await contactsOf(carol)).toEqual([]);
  expect(await carol.wallet.db.keys.count()).toBe(0);
  await settleAll(alice);
  expect(await alice.wallet.db.outbox.count()).toBe(0);
});

test('a link opened without a network opens by itself when there is one', async () => {
  const [alice, bob] = [await person('Alice'), await person('Bob')];
  const id = await newCode(alice);
  await alice.settle();
  const { shortUrl } = await codeOf(alice, id);
  bob.network.online = false;
  const intentId = await storeIntent(bob.wallet, shortUrl, 'arrived', mediator.url);
  expect(await bob.settle()).toBe(false);
  expect(await readIntent(bob.wallet, intentId)).toMatchObject({ kind: 'opening' });
  bob.network.online = true;
  expect(await bob.settle()).toBe(true);
  expect(await readIntent(bob.wallet, intentId)).toMatchObject({ kind: 'ok' });
  // What was fetched and not shown yet is still to be shown.
  expect(await bob.wallet.db.intents.get(intentId)).toMatchObject({
    state: 'arrived',
    fetch: 'done',
  });
});

test('another host is asked only when the person agrees', async () => {
  const [alice, bob] = [await person('Alice'), await person('Bob')];
  const id = await newCode(alice);
  await alice.settle();
  const intentId = await opened(bob, (await codeOf(alice, id)).shortUrl, 'http://localhost:1');
  await bob.settle();
  const origin = mediator.url;
  expect(await readIntent(bob.wallet, intentId)).toEqual({ kind: 'elsewhere', origin });
  await fetchIntent(bob.wallet, intentId);
  expect(await readIntent(bob.wallet, intentId)).toEqual({ kind: 'opening', origin });
  await bob.settle();
  expect(await readIntent(bob.wallet, intentId)).toMatchObject({ kind: 'ok' });
});

test('links of other wallets: a redirect, the invitation itself, a page, nothing, nobody', async () => {
  const [alice, bob] = [await person('Alice'), await person('Bob')];
  const id = await newCode(alice);
  await alice.settle();
  const { url } = await codeOf(alice, id);
  const json = atob(url.split('_oob=')[1] ?? '');
  const answers = new Map<string, (response: ServerResponse) => void>([
    ['redirect', (response) => response.writeHead(302, { location: url }).end()],
    ['json', (response) => response.end(json)],
    ['link', (response) => response.end(url)],
    ['page', (response) => response.end('<title>Hello</title>')],
    ['broken', (response) => response.writeHead(500).end()],
  ]);
  const server = createServer((request, response) => {
    const answer = answers.get(request.url?.split('_oobid=')[1] ?? '');
    if (answer) answer(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const host = `http://localhost:${(server.address() as AddressInfo).port}`;
  const read = async (link: string) => {
    const intentId = await opened(bob, link);
    await fetchIntent(bob.wallet, intentId);
    await bob.settle();
    return (await readIntent(bob.wallet, intentId)).kind;
  };
  for (const name of ['redirect', 'json', 'link'])
    expect(await read(`${host}/x?_oobid=${name}`), name).toBe('ok');
  expect(await read(`${host}/?_oobid=page`)).toBe('not-an-invitation');
  expect(await read(`${host}/?_oobid=gone`)).toBe('withdrawn');
  expect(await read(`${host}/?_oobid=broken`)).toBe('no-answer');
  server.close();
  server.closeAllConnections();
  expect(await read(`${host}/?_oobid=json`)).toBe('no-answer');
  expect(await read('http://192.0.2.7/?_oobid=1')).toBe('no-answer');
});

test('a code for several people: each gets an address of their own, and revoking it loses nobody', async () => {
  const [alice, bob, carol, dave] = await Promise.all(
    ['Alice', 'Bob', 'Carol', 'Dave'].map((n) => person(n)),
  );
  if (!alice || !bob || !carol || !dave) throw new Error('somebody is missing');
  const id = await newCode(alice);
  await alice.settle();
  await setUse(alice.wallet, id, 'shared', mediator.url);
  await alice.settle();
  const code = await codeOf(alice, id);
  expect(code.row).toMatchObject({
    use: 'shared',
    autoAccept: false,
    link: 'ready',
    state: 'live',
  });
  await alice.wallet.db.invitations.update(id, { autoAccept: true });
  await accept(bob, code.shortUrl);
  const carolsAlice = await accept(carol, code.url);
  await settleAll(alice, bob, carol, alice);
  const contacts = await contactsOf(alice);
  expect(contacts.map(({ name }) => name).sort()).toEqual(['Bob', 'Carol']);
  const addresses = new Set([...contacts.map(({ myDid }) => myDid), code.myDid]);
  expect(addresses.size).toBe(3);
  expect((await codeOf(alice, id)).row).toMatchObject({ state: 'live', answers: 2 });

  await revokeInvitation(alice.wallet, id);
  await settleAll(alice);
  // Everybody has written to their own address by now: nothing keeps the first one.
  await settleAll(bob, carol, alice);
  expect(await alice.wallet.db.invitations.get(id)).toBeUndefined();
  expect(await alice.wallet.db.linkJobs.count()).toBe(0);
  const late = await opened(dave, code.shortUrl);
  await dave.settle();
  expect(await readIntent(dave.wallet, late)).toEqual({ kind: 'withdrawn' });
  // Who has the long one hears it from the mailbox.
  dave.network.online = false;
  const davesAlice = await accept(dave, code.url);
  await sendText(dave.wallet, davesAlice, 'hello?', 'en');
  dave.network.online = true;
  await settleAll(dave, alice);
  expect(await contactsOf(alice)).toHaveLength(2);
  expect(await contactsOf(dave)).toMatchObject([{ state: 'void' }]);
  expect(await dave.chat(davesAlice)).toEqual([{ text: 'me: hello?', st: 'failed' }]);
  expect(await dave.wallet.db.outbox.count()).toBe(0);

  await sendText(carol.wallet, carolsAlice, 'still here', 'en');
  await settleAll(carol, alice);
  const carolId = contacts.find(({ name }) => name === 'Carol')?.id ?? '';
  expect(await alice.chat(carolId)).toEqual([{ text: 'them: still here', st: 'unread' }]);
});

test('a revoked code keeps its address while somebody who asked waits there', async () => {
  const [alice, bob] = [await person('Alice'), await person('Bob')];
  const id = await newCode(alice);
  await setUse(alice.wallet, id, 'shared', mediator.url);
  await alice.settle();
  await accept(bob, (await codeOf(alice, id)).url);
  await settleAll(bob, alice);
  expect(await contactsOf(alice)).toMatchObject([{ state: 'asking' }]);
  await revokeInvitation(alice.wallet, id);
  await settleAll(alice);
  expect(await alice.wallet.db.invitations.get(id)).toMatchObject({ state: 'revoked' });
});

test('with spares a code works at once without a network; its short link follows', async () => {
  const alice = await person('Alice', 3);
  const spares = () => alice.wallet.db.invitations.where('use').equals('spare').toArray();
  expect((await spares()).map(({ state }) => state)).toEqual(['live', 'live', 'live']);
  alice.network.online = false;
  const ids = [await newCode(alice), await newCode(alice), await newCode(alice)];
  await alice.settle();
  for (const id of ids)
    expect((await codeOf(alice, id)).row).toMatchObject({ state: 'live', link: 'late' });
  expect(await spares()).toEqual([]);
  const fourth = await newCode(alice);
  expect((await codeOf(alice, fourth)).row.state).toBe('preparing');
  alice.network.online = true;
  await settleAll(alice);
  for (const id of [...ids, fourth])
    expect((await codeOf(alice, id)).row).toMatchObject({ state: 'live', link: 'ready' });
  expect(await spares()).toHaveLength(3);

  const bob = await person('Bob');
  await accept(bob, (await codeOf(alice, ids[0] ?? '')).url);
  await settleAll(alice, bob);
  expect(await contactsOf(alice)).toMatchObject([{ state: 'connected', name: 'Bob' }]);
});

test('the code to show is the newest that nobody got', async () => {
  const alice = await person('Alice');
  expect(await invitationToShow(alice.wallet)).toBeUndefined();
  const first = await newCode(alice);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const second = await newCode(alice);
  expect(await invitationToShow(alice.wallet)).toBe(second);
  await markHandedOut(alice.wallet, second);
  expect(await invitationToShow(alice.wallet)).toBe(first);
  await setUse(alice.wallet, first, 'shared', mediator.url);
  expect(await invitationToShow(alice.wallet)).toBeUndefined();
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mediator } from '../../mediator/server.ts';
import { freshMediator, freshWallet, httpFrom, type TestWallet } from '../testing/wallets.ts';
import { fetchCodes } from './fetch-codes.ts';
import { readIntent, storeIntent } from './intents.ts';
import { acceptIntent, openCode } from './invitations.ts';
import { openMailboxCode, readMailboxOffer } from './mailbox-offer.ts';

// Codes and addresses of mailboxes, as they are pasted or opened; real mediators answer.

let mediator: Mediator;
let other: Mediator;
let alice: TestWallet;
beforeAll(async () => {
  [mediator, other] = [await freshMediator(), await freshMediator()];
  alice = await freshWallet('Alice', mediator.url);
  await alice.settle();
});
afterAll(async () => {
  await mediator.close();
  await other.close();
});

const invitationOf = async ({ url }: Mediator) => (await fetch(`${url}/invitation`)).text();

/** Gives this to "Move to another mailbox", and lets the service worker ask. @returns what it led to */
async function asked(text: string) {
  const opened = await openMailboxCode(alice.wallet, text);
  if (opened.kind !== 'asked') return opened;
  expect(await readIntent(alice.wallet, opened.intentId)).toMatchObject({ kind: 'opening' });
  await alice.settle();
  return readIntent(alice.wallet, opened.intentId);
}

test('a code that is opened as a link leads to the offer, and never to a contact', async () => {
  const code = await invitationOf(other);
  const opened = await openCode(alice.wallet, code, mediator.url);
  expect(opened).toEqual({ kind: 'mailbox' });
  const intents = alice.wallet.db.intents;
  const x = await alice.wallet.vault.seal('intents', 'linked', { text: code });
  await intents.add({ id: 'linked', at: Date.now(), state: 'arrived', x });
  expect(await readIntent(alice.wallet, 'linked')).toEqual({ kind: 'offers-mailbox', code });
  expect(await acceptIntent(alice.wallet, 'linked')).toEqual({ kind: 'mailbox' });
  expect(await alice.wallet.db.contacts.count()).toBe(0);
});

test('a code is found among the words that it came with, pasted or shared', async () => {
  const code = await (await fetch(`${other.url}/invitationOOB`)).text();
  const text = `Use ours: <${code.trim()}>. Greetings`;
  expect(await readMailboxOffer(alice.wallet, text)).toMatchObject({ kind: 'offer' });
  expect(await openMailboxCode(alice.wallet, text)).toMatchObject({ kind: 'offer' });
  expect(await openCode(alice.wallet, text, mediator.url)).toEqual({ kind: 'mailbox' });
  const shared = await storeIntent(alice.wallet, text, 'arrived', mediator.url);
  expect(await readIntent(alice.wallet, shared)).toEqual({
    kind: 'offers-mailbox',
    code: code.trim(),
  });
});

test('the address of a mailbox is as good as its code', async () => {
  const code = await invitationOf(other);
  for (const address of [
    other.url,
    `${other.url}/`,
    new URL(other.url).host,
    ` ${other.url}/invitationOOB\n`,
  ]) {
    const led = await asked(address);
    if (led.kind !== 'offers-mailbox') throw new Error(led.kind);
    expect(await readMailboxOffer(alice.wallet, led.code)).toMatchObject({
      kind: 'offer',
      offer: { host: new URL(other.url).host },
    });
  }
  expect(await asked(code)).toMatchObject({ kind: 'offer' });
  const own = await asked(mediator.url);
  if (own.kind !== 'offers-mailbox') throw new Error(own.kind);
  expect(await readMailboxOffer(alice.wallet, own.code)).toEqual({ kind: 'in-use' });
});

test('an address where no mailbox is says so, and nobody but a web address is asked', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/invitation') response.end('<title>Hello</title>');
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const host = `http://localhost:${(server.address() as AddressInfo).port}`;
  expect(await asked(host)).toEqual({ kind: 'not-an-invitation' });
  expect(await asked(`${host}/elsewhere`)).toEqual({ kind: 'withdrawn' });
  server.close();
  server.closeAllConnections();
  expect(await asked(host)).toEqual({ kind: 'no-answer' });
  for (const text of ['hello', 'ftp://example.org', 'https://a b', '{"type":"x"}', 'https://[x]/'])
    expect(await asked(text), text).toEqual({ kind: 'no-offer' });
});

test('without a network it is asked later; a local address is not asked from a public place', async () => {
  alice.network.online = false;
  const opened = await openMailboxCode(alice.wallet, other.url);
  if (opened.kind !== 'asked') throw new Error(opened.kind);
  await alice.settle();
  expect(await readIntent(alice.wallet, opened.intentId)).toEqual({
    kind: 'opening',
    origin: other.url,
  });
  alice.network.online = true;
  const urls: string[] = [];
  const http = httpFrom(mediator.url);
  await fetchCodes({
    ...alice.wallet,
    ownOrigin: 'https://parley.example.org',
    http: {
      ...http,
      get: (url, options) => {
        urls.push(url);
        return http.get(url, options);
      },
    },
  });
  expect(urls).toEqual([]);
  expect(await readIntent(alice.wallet, opened.intentId)).toEqual({ kind: 'no-answer' });
});

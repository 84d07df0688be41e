import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { startMediator, type MediatorProcess } from './mediator-process.ts';
import { expectState, expectTexts, meet, openChat, send, closeWallet } from './steps.ts';
import { launchWallet } from './wallet.ts';

// A browser whose Web Crypto lacks X25519 and Ed25519, made from one that has them: the two are taken away
// before any script of the wallet runs, in the page and in the service worker.

/** Runs in page and worker. */
function removeCurves(): void {
  if (!isSecureContext) return;
  const missing = (algorithm: unknown): boolean =>
    /^(x|ed)25519$/i.test(
      typeof algorithm === 'string' ? algorithm : (algorithm as { readonly name: string }).name,
    );
  const at = { generateKey: 0, importKey: 2, unwrapKey: 4, deriveBits: 0, sign: 0, verify: 0 };
  for (const [name, position] of Object.entries(at)) {
    const own = crypto.subtle[name as 'sign'].bind(crypto.subtle) as (
      ...call: unknown[]
    ) => Promise<unknown>;
    const without = (...call: unknown[]): Promise<unknown> =>
      missing(call[position])
        ? Promise.reject(new DOMException('Unrecognized name', 'NotSupportedError'))
        : own(...call);
    Object.defineProperty(crypto.subtle, name, { value: without, configurable: true });
  }
}

let dist: string;
let site: MediatorProcess;

test.beforeAll(async () => {
  dist = mkdtempSync(path.join(tmpdir(), 'parley-curves-'));
  cpSync(process.env['PARLEY_DIST'] ?? 'dist', dist, { recursive: true });
  const worker = path.join(dist, 'sw-compat.js');
  writeFileSync(worker, `(${removeCurves.toString()})();\n${readFileSync(worker, 'utf8')}`);
  site = await startMediator([], dist);
});
test.afterAll(async () => {
  await site.dispose();
  rmSync(dist, { recursive: true });
});

test('a browser without the curves meets, chats, and starts without a network', async () => {
  const alice = await launchWallet('alice', site.url);
  const bob = await launchWallet('bob', site.url);
  await alice.context.addInitScript(removeCurves);
  await meet(alice, bob);
  const registered = (wallet: typeof alice) =>
    wallet.page.evaluate(() => navigator.serviceWorker.controller?.scriptURL);
  expect(await registered(alice)).toBe(`${site.url}/sw-compat.js`);
  expect(await registered(bob)).toBe(`${site.url}/sw.js`);
  await send(alice, 'without');
  await expectState(alice, 'without', 'Delivered');
  await send(bob, 'with');
  await expectTexts(alice, ['without', 'with']);

  // Mail for a closed wallet: the worker alone opens it.
  await closeWallet(alice);
  await send(bob, 'while you were away');
  await expectState(bob, 'while you were away', 'Sent');
  await alice.worker.dispatchPeriodicSync('pickup');
  await expectState(bob, 'while you were away', 'Delivered');

  await alice.setOffline(true);
  await alice.open();
  await openChat(alice, 'Bob');
  await expectTexts(alice, ['without', 'with', 'while you were away']);
  await send(alice, 'written offline');
  await alice.setOffline(false);
  await expectTexts(bob, ['without', 'with', 'while you were away', 'written offline']);

  const loaded = await bob.page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name),
  );
  expect(loaded.filter((url) => url.includes('curves') || url.includes('compat'))).toEqual([]);
  for (const wallet of [alice, bob]) {
    await wallet.dispose();
    expect(wallet.complaints).toEqual([]);
  }
});

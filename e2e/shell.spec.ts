import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test as base, type Page } from '@playwright/test';
import { build } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { buildWorkerInParts } from '../vite/worker-parts.ts';
import { startMediator, type MediatorProcess } from './mediator-process.ts';
import { launchWallet, type Wallet } from './wallet.ts';

const root = fileURLToPath(new URL('shell-page', import.meta.url));

/** The real service worker behind a page that shows only what the shell does. */
async function buildPage(name: string): Promise<string> {
  const outDir = mkdtempSync(path.join(tmpdir(), `parley-shell-${name}-`));
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    define: { __BUILD__: JSON.stringify(name) },
    plugins: [
      VitePWA({
        strategies: 'injectManifest',
        srcDir: '../../src',
        filename: 'sw.ts',
        outDir,
        manifest: false,
        injectRegister: false,
        integration: { configureCustomSWViteBuild: buildWorkerInParts },
        injectManifest: { globPatterns: ['index.html', 'assets/*.js'] },
      }),
    ],
    build: { outDir, emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  });
  return outDir;
}

let dist: string;
let site: MediatorProcess;
const test = base.extend<{ wallet: Wallet }>({
  wallet: async ({ page: _ }, use) => {
    const wallet = await launchWallet('shell', site.url);
    await use(wallet);
    await wallet.dispose();
    expect(wallet.complaints).toEqual([]);
  },
});

// One build and one server for the file.
test.describe.configure({ mode: 'default' });
test.beforeAll(async () => {
  dist = await buildPage('one');
  site = await startMediator([], dist);
});
test.afterAll(async () => {
  await site.dispose();
  rmSync(dist, { recursive: true });
});

const shown = (page: Page, label: string) => page.getByLabel(label, { exact: true });

test('the first visit is enough to start without a network, on every screen', async ({
  wallet,
}) => {
  const page = await wallet.open();
  await expect(shown(page, 'Shell')).toHaveText('registered');
  await expect(shown(page, 'Warm')).toHaveText('ready');
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toBe(
    `${site.url}/sw.js`,
  );
  await wallet.setOffline(true);
  for (const at of ['/', '/?src=pwa', '/chats/one', '/i?_oob=e30', '/i']) {
    await page.goto(site.url + at);
    await expect(shown(page, 'Build')).toHaveText('one');
  }
  await page.getByRole('button', { name: 'Fetch wasm' }).click();
  await expect(shown(page, 'Wasm')).toHaveText('200');
  await wallet.kill();
  await wallet.relaunch();
  await wallet.setOffline(true);
  await expect(shown(await wallet.open('/chats'), 'Build')).toHaveText('one');
});

test('what the worker needs rarely is there without a network', async ({ wallet }) => {
  const page = await wallet.open();
  await expect(shown(page, 'Warm')).toHaveText('ready');
  const parts = readdirSync(path.join(dist, 'worker'));
  expect(parts).not.toEqual([]);
  await wallet.kill();
  await wallet.relaunch();
  await wallet.setOffline(true);
  await wallet.open();
  for (const part of parts) {
    const evaluated = await wallet.context
      .serviceWorkers()
      .at(-1)
      ?.evaluate((name) => {
        const scope = globalThis as unknown as { importScripts(url: string): void; part?: unknown };
        scope.importScripts(`/worker/${name}`);
        return typeof scope.part;
      }, part);
    expect(evaluated, part).toBe('function');
  }
});

test("the server's own paths are never answered by the shell", async ({ wallet }) => {
  const page = await wallet.open();
  await expect(shown(page, 'Warm')).toHaveText('ready');
  const invitation = await page.goto(`${site.url}/invitation`);
  expect(invitation?.fromServiceWorker()).toBe(false);
  expect(await invitation?.text()).toContain('request-mediate');
  await wallet.setOffline(true);
  const paths = ['/invitation', '/invitationOOB', '/did', '/health', '/ready', '/version', '/ws'];
  for (const at of [...paths, '/i/AAAA', '/.well-known/did.json']) {
    await expect(page.goto(site.url + at), at).rejects.toThrow('ERR_INTERNET_DISCONNECTED');
  }
});

test('a new version waits for the tap, then every page has it', async ({ wallet }) => {
  const page = await wallet.open();
  await expect(shown(page, 'Warm')).toHaveText('ready');
  const next = await buildPage('two');
  cpSync(next, dist, { recursive: true });
  rmSync(next, { recursive: true });
  await site.restart();

  await page.reload();
  const update = page.getByRole('button', { name: 'Update now' });
  await expect(update).toBeVisible();
  await expect(shown(page, 'Build')).toHaveText('one');
  const other = await wallet.open('/chats');
  await expect(shown(other, 'Build')).toHaveText('one');

  await update.click();
  await expect(shown(page, 'Build')).toHaveText('two');
  await expect(shown(page, 'Loads')).toHaveText('3'); // opened, reloaded, reloaded once by the update
  await expect(update).toBeHidden();
  // The other window keeps what its person was doing until it is loaded again.
  await expect(shown(other, 'Loads')).toHaveText('1');
  await other.reload();
  await expect(shown(other, 'Build')).toHaveText('two');
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { build, type InlineConfig } from 'vite';
import { buildWorkerInParts } from '../vite/worker-parts.ts';
import { startMediator } from './mediator-process.ts';
import { launchWallet } from './wallet.ts';

const root = fileURLToPath(new URL('vectors-page', import.meta.url));

/** The vectors on a page of their own and in a service worker, built like the wallet's. */
async function buildPage(outDir: string): Promise<void> {
  const common = { configFile: false, logLevel: 'error', root } as const;
  const output = { outDir, modulePreload: { polyfill: false }, assetsInlineLimit: 0 };
  await build({ ...common, build: { ...output, emptyOutDir: true } });
  const rolldownOptions = {
    input: path.join(root, 'sw.ts'),
    output: { entryFileNames: 'sw.js' },
  };
  const worker: InlineConfig = {
    ...common,
    build: { ...output, emptyOutDir: false, rolldownOptions },
  };
  buildWorkerInParts(worker);
  await build(worker);
}

test('every vector holds on a page and in a service worker', async () => {
  const outDir = mkdtempSync(path.join(tmpdir(), 'parley-vectors-'));
  await buildPage(outDir);
  const site = await startMediator([], outDir);
  const wallet = await launchWallet('vectors', site.url);
  const page = await wallet.open();
  for (const where of ['Page', 'Service worker']) {
    const report = page.getByLabel(where, { exact: true });
    await expect(report).not.toBeEmpty();
    console.log(
      `vectors in Chromium, ${where.toLowerCase()}: ${(await report.textContent()) ?? ''}`,
    );
    await expect(report).toHaveText('358 of 358 in 29 sets');
  }
  await wallet.dispose();
  expect(wallet.complaints).toEqual([]);
  await site.dispose();
  rmSync(outDir, { recursive: true });
});

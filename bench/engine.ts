/**
 * npm run bench -- engine: one authcrypt envelope in Chromium, our engine with the trust gate beside npm
 * didcomm 0.4.1 (didcomm-rust as wasm) without one, and beside what Web Crypto alone costs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium as playwright } from '@playwright/test';
import { build, preview } from 'vite';
import { chromium } from '../scripts/browser.ts';
import type { Row } from './engine-page/page.ts';

const root = fileURLToPath(new URL('engine-page', import.meta.url));
const outDir = mkdtempSync(path.join(tmpdir(), 'parley-bench-'));
await build({
  configFile: false,
  logLevel: 'error',
  root,
  resolve: { alias: { 'didcomm-node': path.join(root, 'didcomm.ts') } },
  build: { outDir, target: 'esnext' },
});
const server = await preview({
  configFile: false,
  logLevel: 'error',
  root,
  build: { outDir },
  preview: { port: 0 },
});
const browser = await playwright.launch(chromium());
try {
  const page = await browser.newPage();
  await page.goto(server.resolvedUrls?.local[0] ?? '');
  await page.waitForFunction(() => 'measure' in globalThis);
  print(await page.evaluate(() => measure()), browser.version());
} finally {
  await browser.close();
  await server.close();
  rmSync(outDir, { recursive: true });
}

function print(rows: readonly Row[], version: string): void {
  console.log(`Chromium ${version}; microseconds an envelope, median of 75 batches in turn`);
  const cells = ['', 'Parley', 'didcomm', 'floor', 'didcomm/Parley', 'Parley/floor'];
  console.log(cells.map((cell) => cell.padStart(15)).join(''));
  for (const { operation, parley, didcomm, floor } of rows) {
    const numbers = [parley, didcomm, floor].map((value) => value.toFixed(0));
    const ratios = [didcomm / parley, parley / floor].map((value) => value.toFixed(2));
    console.log([operation, ...numbers, ...ratios].map((cell) => cell.padStart(15)).join(''));
  }
}

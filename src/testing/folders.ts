import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Stands in for the built wallet where a test is not about its files; it goes with the run (scratch.ts). */
export function walletFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dist-'));
  writeFileSync(join(folder, 'index.html'), '<title>Parley</title>');
  return folder;
}

/** Where a store may make its file; its folder goes when the test has ended. */
export function newStoreFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'inbox.db');
}

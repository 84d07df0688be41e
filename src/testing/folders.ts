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

/** An empty folder, which goes when the test has ended. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'data-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Where a store may make its file. */
export const newStoreFile = (): string => join(newFolder(), 'inbox.db');

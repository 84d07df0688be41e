/**
 * Builds the wallet into dist/. With --if-stale only when a source changed since the last build:
 * dist/.build-stamp holds the hash of everything the build reads, so an interrupted build leaves no
 * stamp.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'vite';

const SOURCES = [
  'src',
  'public',
  'vite',
  'tsconfig',
  'index.html',
  'vite.config.ts',
  'tsconfig.json',
  'package-lock.json',
];
const NOT_BUILT = /\.test\.tsx?$|^src[\\/]testing[\\/]/;
const STAMP = 'dist/.build-stamp';

const sources = SOURCES.flatMap((source) => filesOf(source)).filter(
  (file) => !NOT_BUILT.test(file),
);
const stamp = hashOf(sources);
const fresh = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp;

if (!(fresh && process.argv.includes('--if-stale'))) {
  console.log('Building the wallet: half a minute, after a change ...');
  await build({ logLevel: 'warn' });
  writeFileSync(STAMP, stamp);
}

function filesOf(source: string): string[] {
  if (!statSync(source).isDirectory()) return [source];
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(`${file}\0`).update(createHash('sha256').update(readFileSync(file)).digest());
  return hash.digest('hex');
}

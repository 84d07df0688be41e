import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** In memory where there is room: what a power cut would leave is not what tests are about. */
export function quickFolder(): string {
  const shared = '/dev/shm';
  if (!existsSync(shared)) return tmpdir();
  const { bavail, bsize } = statfsSync(shared);
  return bavail * bsize > 1024 ** 3 ? shared : tmpdir();
}

/**
 * Before a test run: what it puts into the folder for temporary files goes with it, and the many mediators
 * that it starts share their compiled code.
 */
export function setup(): void {
  const folder = mkdtempSync(path.join(quickFolder(), 'parley-tests-'));
  // PostgreSQL, which may run as somebody else, has its own folder in it.
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  process.env['NODE_COMPILE_CACHE'] ??= path.resolve('node_modules/.cache/parley/compiled');
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}

/** Programs that tests need and npm has not: Debian's packages, installed where that is allowed. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { run } from './steps.ts';

const isRoot = (): boolean => process.getuid?.() === 0;

/** @returns whether it was installed; never where one is not root, or on a system without apt-get */
export async function aptInstall(name: string): Promise<boolean> {
  if (!isRoot()) return false;
  console.log(`Installing ${name} with apt-get ...`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args: readonly string[]): Promise<boolean> =>
    run('apt-get', args, quiet).then(
      (code) => code === 0,
      () => false,
    );
  return (await aptGet('update')) && aptGet('install', '--yes', '--no-install-recommends', name);
}

/** Before the unit tests, which run side by side: two of them cannot install at once. */
export async function ensureTestPrograms(): Promise<void> {
  if (!existsSync('/usr/bin/strace')) await aptInstall('strace');
  if (!existsSync('/usr/lib/postgresql')) await aptInstall('postgresql');
}

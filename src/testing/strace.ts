import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

// System calls of a process that runs, as Debian's strace sees them.

function installed(): boolean {
  return spawnSync('strace', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** @throws Error that says what is missing */
function ensureStrace(): void {
  if (installed()) return;
  if (process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'strace']])
      spawnSync('apt-get', args, { env, stdio: 'ignore' });
  }
  if (!installed()) throw new Error('No strace: install Debian’s package `strace` or run as root.');
}

export interface Trace {
  /** Stops watching. @returns the lines in the order of what they tell; of a call that took long, two of them */
  stop(): Promise<readonly string[]>;
}

/**
 * Watches all threads of processes, and what they start from then on.
 * @param calls names of system calls @param file where the lines go
 */
export async function traceOf(
  pids: readonly number[],
  calls: readonly string[],
  file: string,
): Promise<Trace> {
  ensureStrace();
  const args = ['-f', '-y', '-s', '24', '-e', `trace=${calls.join(',')}`, '-o', file];
  const child = spawn('strace', [...args, ...pids.flatMap((pid) => ['-p', String(pid)])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  while (pids.some((pid) => !said.includes(`Process ${pid} attached`))) {
    if (child.exitCode !== null) throw new Error(`strace may not watch here: ${said}`);
    await sleep(20);
  }
  return {
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    },
  };
}

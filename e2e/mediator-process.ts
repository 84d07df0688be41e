import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A running mediator that serves the built wallet, with its own data in a temporary folder. */
export interface MediatorProcess {
  /** Without trailing slash; the same after a restart. */
  readonly url: string;
  readonly dataDir: string;
  /** Everything it printed so far. */
  readonly output: () => string;
  /** Its process id while it runs. */
  readonly pid: () => number | undefined;
  /** Ends it without a warning, as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to end and resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

const READY = /Parley is ready at (\S+)/;
const START_TIMEOUT_MS = 20_000;
/** The wallet under test; another build can be tried without touching the one in the checkout. */
const DIST = process.env['PARLEY_DIST'] ?? 'dist';

/**
 * @param flags further flags of mediator/main.ts, for example other limits
 * @param dist folder of the pages it serves
 */
export async function startMediator(
  flags: readonly string[] = [],
  dist = DIST,
): Promise<MediatorProcess> {
  if (!existsSync(path.join(dist, 'index.html'))) {
    throw new Error('No built wallet: run `npm run build` first.');
  }
  const dataDir = mkdtempSync(path.join(tmpdir(), 'parley-mediator-'));
  let output = '';
  let child: ChildProcess | undefined;

  const start = async (port: string): Promise<string> => {
    const args = ['mediator/main.ts', '--port', port, '--data', dataDir, '--dist', dist, ...flags];
    // As `npm start` runs it (scripts/setup.mjs).
    const started = spawn(process.execPath, ['--max-semi-space-size=8', ...args], {
      env: { NODE_COMPILE_CACHE: 'node_modules/.cache/compiled', ...process.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const before = output.length;
    const url = await new Promise<string>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`The mediator ${why}:\n${output}`));
      const timer = setTimeout(() => fail('did not get ready'), START_TIMEOUT_MS);
      const onOutput = (bytes: Buffer) => {
        output += bytes.toString();
        const [, ready] = READY.exec(output.slice(before)) ?? [];
        if (ready === undefined) return;
        clearTimeout(timer);
        resolve(ready);
      };
      started.stdout.on('data', onOutput);
      started.stderr.on('data', onOutput);
      started.once('exit', (code) => fail(`ended with code ${String(code)}`));
    });
    return url.replace(/\/$/, '');
  };

  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return null;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  };

  const url = await start('0');
  return {
    url,
    dataDir,
    output: () => output,
    pid: () => child?.pid,
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    restart: async () => {
      await end('SIGKILL');
      await start(new URL(url).port);
    },
    dispose: async () => {
      await end('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

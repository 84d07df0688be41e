/** Running other programs as counted steps. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

export const ok: Tally = { passed: 1, failed: 0 };
export const failed: Tally = { passed: 0, failed: 1 };

export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((total, tally) => total + tally.passed, 0),
  failed: tallies.reduce((total, tally) => total + tally.failed, 0),
});

const BIN = path.resolve('node_modules', '.bin');

/**
 * Runs a tool of node_modules/.bin, or any program, with this terminal's output.
 * @param print takes what it prints instead of the terminal
 * @returns its exit code
 */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  print?: (part: Buffer) => void,
): Promise<number> {
  const PATH = `${BIN}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return new Promise((resolve, reject) => {
    const output = print ? 'pipe' : 'inherit';
    const child = spawn(program, args, {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env, PATH },
    });
    if (print) for (const stream of [child.stdout, child.stderr]) stream?.on('data', print);
    const stop = () => {
      child.kill('SIGTERM');
      // After all that run now were asked to.
      setImmediate(() => process.exit(143));
    };
    process.once('SIGTERM', stop);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGTERM', stop);
      resolve(code ?? 1);
    });
  });
}

/** One step with its heading, its time and its count. */
export async function step(
  title: string,
  work: () => Promise<Tally>,
  startedAt = Date.now(),
): Promise<Tally> {
  console.log(`\n== ${title}`);
  const tally = await work();
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`-- ${title}: ${tally.passed} passed, ${tally.failed} failed (${seconds} s)`);
  return tally;
}

/** A step that is one thing: it holds or it does not. */
export const gate = (title: string, program: string, args: readonly string[]): Promise<Tally> =>
  step(title, async () => ((await run(program, args)) === 0 ? ok : failed));

type Gate = readonly [title: string, program: string, args: readonly string[]];

/** Gates that need nothing of each other, all at once; what each printed comes when it is over. */
export const gates = async (all: readonly Gate[]): Promise<Tally> =>
  sum(
    await Promise.all(
      all.map(async ([title, program, args]) => {
        const startedAt = Date.now();
        const printed: Buffer[] = [];
        const code = await run(program, args, {}, (part) => printed.push(part));
        const tell = async (): Promise<Tally> => {
          process.stdout.write(Buffer.concat(printed));
          return code === 0 ? ok : failed;
        };
        return step(title, tell, startedAt);
      }),
    ),
  );

// Makes a fresh clone able to run: exact packages, and the Node that is pinned among them.
// Plain JavaScript without packages, because Node 20 runs it before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const bin = path.join(root, 'node_modules', '.bin');

/** The pinned Node by path: a shell that ran an older `node` once may go on finding that one. */
export const pinnedNode = path.join(bin, 'node');

const KILL_AFTER_MS = 15_000;

/** @type {import('node:child_process').ChildProcess | undefined} */
let child;
/** @type {number | undefined} the exit code once a stop was asked for */
let stopCode;

/**
 * From now on a request to stop goes to the running child first, and this process ends after it.
 * Ctrl-C reaches this process up to three times (terminal, npm, shell): every further one changes
 * nothing.
 * @param {number} code what this process ends with: 0 for a server, something else for work undone
 */
export function stopWithSignals(code) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      if (stopCode !== undefined) return;
      stopCode = code;
      if (!child) process.exit(code);
      child.kill('SIGTERM');
      setTimeout(() => child?.kill('SIGKILL'), KILL_AFTER_MS).unref();
    });
  }
}

/**
 * Runs a program with this terminal's input and output and resolves with its exit code.
 * Never resolves once a stop was asked for: the process ends with the child.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
export function run(command, args, env = withPinnedNode()) {
  return new Promise((resolve, reject) => {
    child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => {
      child = undefined;
      if (stopCode !== undefined) process.exit(stopCode);
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs one of the project's own scripts on the pinned Node.
 * @param {readonly string[]} args
 */
export const runPinned = (args) => run(pinnedNode, args);

/**
 * Runs a program that stays. What it throws away is kept for 8 MiB at most before it is collected (Node allows 64 on
 * a machine with much memory, three times), and its modules are read and compiled once for all starts.
 * @param {readonly string[]} args
 */
export const runServer = (args) =>
  run(pinnedNode, ['--max-semi-space-size=8', ...args], {
    NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'compiled'),
    ...withPinnedNode(),
  });

/** Installs what package-lock.json names, unless it is all there; ends the process when that fails. */
export async function setUp() {
  if (!packagesMatchLockfile()) {
    console.log('Installing the packages of package-lock.json: a minute or two, once ...');
    // Errors alone: npm would warn of each package that wants a newer Node than the one at hand, and
    // they run on the pinned one.
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  if (!pinnedNodeRuns()) {
    // The one install script that is allowed to run: it fetches the Node binary.
    console.log('Installing the pinned Node ...');
    await npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
  }
  if (!pinnedNodeRuns()) fail(`${pinnedNode} does not run. Remove node_modules and try again.`);
}

/** True when every required package of the lockfile is installed in its exact version. */
function packagesMatchLockfile() {
  // npm writes down what it installed.
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([where, { version, optional, devOptional }]) =>
      where === '' || optional || devOptional || have[where]?.version === version,
  );
}

function pinnedNodeRuns() {
  const wanted = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).devDependencies
    .node;
  const { stdout } = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === `v${wanted}`;
}

/** @param {readonly string[]} args */
async function npm(args) {
  // Without node_modules/.bin on the path, npm runs on the machine's Node: it must not stand on
  // what it replaces.
  const outside = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => !folder.endsWith(path.join('node_modules', '.bin')));
  const code = await run('npm', args, { ...process.env, PATH: outside.join(path.delimiter) });
  if (code !== 0) fail(`npm ${args.join(' ')} ended with code ${code}`);
}

/** @param {string} why */
function fail(why) {
  console.error(why);
  process.exit(1);
}

function withPinnedNode() {
  return { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` };
}

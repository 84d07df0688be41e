/** npm run e2e: the browser tests, on a freshly built wallet. Arguments go to Playwright. */
import { readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import * as v from 'valibot';
import { setup } from '../src/testing/scratch.ts';
import { hasDebianChromium } from './browser.ts';
import { aptInstall } from './debian.ts';
import { failed, run, sum, type Tally } from './steps.ts';

const REPORT = 'node_modules/.cache/parley/e2e.json';
const Report = v.object({
  stats: v.object({
    expected: v.number(),
    unexpected: v.number(),
    flaky: v.number(),
    skipped: v.number(),
  }),
  errors: v.array(v.unknown()),
});

/** Builds the wallet if needed, finds or installs Chromium, runs the tests. */
export async function e2e(args: readonly string[]): Promise<Tally> {
  if ((await run('node', ['scripts/build.ts', '--if-stale'])) !== 0) return failed;
  await ensureChromium();
  setup();
  const tally = sum([await project('together', args), await project('alone', args)]);
  if (tally.passed + tally.failed > 0) return tally;
  console.log('No such browser test.');
  return failed;
}

/** One project of playwright.config.ts; what is asked for may all be in the other. */
async function project(name: string, args: readonly string[]): Promise<Tally> {
  rmSync(REPORT, { force: true });
  const flags = [`--project=${name}`, '--pass-with-no-tests', '--reporter=list,json'];
  const code = await run('playwright', ['test', ...flags, ...args], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: REPORT,
  });
  const { stats, errors } = v.parse(Report, JSON.parse(readFileSync(REPORT, 'utf8')));
  // A test that was left out shows nothing.
  const { expected: passed, unexpected, flaky, skipped } = stats;
  const tally = { passed, failed: unexpected + flaky + skipped + errors.length };
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/** The system's Chromium; else, as root on Debian, its package; else Playwright's own download. */
async function ensureChromium(): Promise<void> {
  if (hasDebianChromium()) return;
  if ((await aptInstall('chromium')) && hasDebianChromium()) return;
  console.log("Installing Playwright's Chromium ...");
  if ((await run('playwright', ['install', '--no-shell', 'chromium'])) !== 0) {
    throw new Error('No Chromium: install Debian’s package `chromium` or run as root.');
  }
}

if (import.meta.main) {
  process.exitCode = (await e2e(process.argv.slice(2))).failed === 0 ? 0 : 1;
}

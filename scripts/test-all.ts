/** Everything that must hold before a change is taken: what `npm test` and CI run. */
import { readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import * as v from 'valibot';
import { check } from './check.ts';
import { ensureTestPrograms } from './debian.ts';
import { e2e } from './e2e.ts';
import { gate, run, step, sum, type Tally } from './steps.ts';

const REPORT = 'node_modules/.cache/parley/unit.json';
const Report = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  numPendingTests: v.number(),
});

async function unit(): Promise<Tally> {
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const code = await run('vitest', ['run', ...reporters]);
  const report = v.parse(Report, JSON.parse(readFileSync(REPORT, 'utf8')));
  // A test that was left out shows nothing.
  const failed = report.numFailedTests + report.numPendingTests;
  const tally = { passed: report.numPassedTests, failed };
  // A file that could not be loaded, or an error outside of any test, fails no test.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

await ensureTestPrograms();
const { passed, failed } = sum([
  await check(),
  await step('Unit tests', unit),
  await gate('Build', 'node', ['scripts/build.ts']),
  await gate('Size and shape of the build', 'node', ['scripts/check-build.ts']),
  await step('Browser tests', () => e2e([])),
]);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

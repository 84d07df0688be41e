import process from 'node:process';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { newCast } from '../testing/forged/cast.ts';
import { gateOf } from '../testing/forged/gate.ts';
import { attack, judgeTaken, make, newStage } from '../testing/forged/generate.ts';

const stage = await newStage(await newCast(Date.UTC(2026, 5, 1)));
const open = gateOf(stage.cast);

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
process.on('unhandledRejection', note);
afterAll(() => process.off('unhandledRejection', note));

/** Runs attacks and counts what became of them. A wrong one fails with its seed, made as small as it gets. */
async function run(seed: number, numRuns: number): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(attack, async (recipe) => {
      const opened = await open(await make(stage, recipe));
      const verdict = opened.kind === 'ok' ? judgeTaken(stage, opened.inbound) : opened.kind;
      expect(verdict, JSON.stringify(opened)).toBeDefined();
      const name = opened.kind === 'quarantine' ? `refused: ${opened.reason}` : String(verdict);
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
    }),
    { seed, numRuns },
  );
  return outcomes;
}

const report = (seed: number, outcomes: ReadonlyMap<string, number>): void =>
  console.log(
    `seed ${seed}: ${JSON.stringify(Object.fromEntries([...outcomes].toSorted(([, a], [, b]) => b - a)))}`,
  );

const FIXED_SEED = 20_260_601;

test('5,000 generated attacks, by the same recipes in each run: none is taken for what its owner did not write', async () => {
  const outcomes = await run(FIXED_SEED, 5000);
  report(FIXED_SEED, outcomes);
  const names = [...outcomes.keys()];
  // The attacks are no mere noise: they get as far as every door of the gate, and some rightly pass.
  expect(names.filter((name) => name.startsWith('refused: ')).length).toBeGreaterThanOrEqual(18);
  expect(names).toEqual(
    expect.arrayContaining(['from nobody', 'from Mallory herself', 'what Alice wrote']),
  );
}, 120_000);

test('5,000 generated attacks, new in each run', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  report(seed, await run(seed, 5000));
  expect(unhandled).toEqual([]);
}, 120_000);

import { expect, test } from 'vitest';
import { Lane } from './lane.ts';

const batches: number[][] = [];
const lane = (fails = (_jobs: readonly number[]): boolean => false): Lane<number, string> => {
  batches.length = 0;
  return new Lane({
    run: async (jobs) => {
      batches.push([...jobs]);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (fails(jobs)) throw new Error('broken');
      return jobs.map(String);
    },
    most: 3,
    mostWeight: 10,
    weigh: (job) => job,
  });
};

test('gathers what is asked for, in order, up to so many and so heavy', async () => {
  const one = lane();
  const asked = [1, 1, 1, 1, 5, 6, 20, 1].map((job) => one.ask(job));
  expect(await Promise.all(asked)).toEqual(['1', '1', '1', '1', '5', '6', '20', '1']);
  expect(batches).toEqual([[1, 1, 1], [1, 5], [6], [20], [1]]);
});

test('what comes while a batch is under way is the next one', async () => {
  const one = lane();
  const first = one.ask(1);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  await Promise.all([one.ask(2), one.ask(3), first]);
  expect(batches).toEqual([[1], [2, 3]]);
});

test('a batch that fails refuses all of its own and none of the others', async () => {
  const one = lane((jobs) => jobs.includes(2));
  const settled = await Promise.allSettled([1, 2, 3, 4].map((job) => one.ask(job)));
  expect(settled.map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'rejected',
    'fulfilled',
  ]);
  await one.idle();
  expect(await one.ask(5)).toBe('5');
});

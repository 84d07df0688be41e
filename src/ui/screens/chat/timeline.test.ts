import { expect, test } from 'vitest';
import type { MessageView } from '../../../state/views.ts';
import { timeline } from './timeline.ts';

const noon = new Date(2026, 2, 3, 12).getTime();
const minutes = (count: number): number => count * 60_000;

const message = (id: string, mine: boolean, at: number): MessageView => ({
  id,
  mine,
  text: id,
  at,
  delivery: mine ? 'sent' : undefined,
  failure: undefined,
});

test('a day opens at local midnight and with what is loaded first', () => {
  const late = new Date(2026, 2, 3, 23, 59).getTime();
  const early = new Date(2026, 2, 4, 0, 1).getTime();
  const entries = timeline(
    [message('a', true, noon), message('b', true, late), message('c', true, early)],
    3,
  );
  expect(entries.map(({ opensDay }) => opensDay)).toEqual([true, false, true]);
});

test('a run ends with another sender, a pause of five minutes, or midnight', () => {
  const entries = timeline(
    [
      message('a', true, noon),
      message('b', true, noon + minutes(4)),
      message('c', false, noon + minutes(4)),
      message('d', false, noon + minutes(9)),
      message('e', false, new Date(2026, 2, 3, 23, 59).getTime()),
      message('f', false, new Date(2026, 2, 4, 0, 1).getTime()),
    ],
    6,
  );
  expect(entries.map(({ first, last }) => [first, last])).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
    [true, true],
    [true, true],
  ]);
});

test('positions count the older messages that are not loaded', () => {
  const entries = timeline([message('a', true, noon), message('b', false, noon)], 502);
  expect(entries.map(({ position }) => position)).toEqual([501, 502]);
});

test('an empty chat has no entries', () => {
  expect(timeline([], 0)).toEqual([]);
});

import { expect, test } from 'vitest';
import { StoreError } from '../store/errors.ts';
import { createLog, shortHash } from './log.ts';

const NOW = 1_800_000_000_000;

test('an event is one line, of JSON or of words', () => {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  createLog('json', write, () => NOW).event('refused', { status: 429, did: undefined });
  createLog('text', write, () => NOW).event('refused', { status: 429 });
  expect(lines).toEqual([
    '{"time":"2027-01-15T08:00:00.000Z","event":"refused","status":429}\n',
    '2027-01-15T08:00:00.000Z refused status=429\n',
  ]);
  expect(shortHash('did:example:alice')).toMatch(/^[0-9a-f]{8}$/);
});

test('a fault tells its code and place, and nothing of what was read', () => {
  const lines: string[] = [];
  const log = createLog('json', (line) => void lines.push(line));
  const parsed = (): unknown => JSON.parse('{"secret":"hunter2"') as unknown;
  expect(parsed).toThrow();
  try {
    parsed();
  } catch (error) {
    log.fault(error);
  }
  log.fault(new StoreError('store/unavailable', 'PostgreSQL is not available: gone'));
  log.fault('a string');
  expect(lines.join('')).not.toContain('hunter2');
  const [first, second, third] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).toMatchObject({ event: 'fault', code: 'SyntaxError' });
  expect(first?.['at']).toContain('log.test.ts');
  expect(second).toMatchObject({
    code: 'store/unavailable',
    message: 'PostgreSQL is not available: gone',
  });
  expect(second).not.toHaveProperty('at');
  expect(third).toMatchObject({ code: 'unknown' });
});

test('a flood of events becomes a hundred lines a second and a count of the others', () => {
  let now = NOW;
  const lines: string[] = [];
  const log = createLog(
    'text',
    (line) => void lines.push(line),
    () => now,
  );
  for (let i = 0; i < 250; i += 1) log.event('refused');
  expect(lines).toHaveLength(100);
  now += 1000;
  log.event('refused');
  expect(lines.slice(100)).toEqual([
    expect.stringMatching(/ left-out lines=150\n$/),
    expect.stringMatching(/ refused\n$/),
  ]);
});

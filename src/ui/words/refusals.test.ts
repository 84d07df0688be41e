import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { refusal } from './refusals.ts';

test('every reason of the gate has its sentence', () => {
  const gate = readFileSync('src/didcomm/gate-reason.ts', 'utf8');
  const reasons = [...gate.matchAll(/\| '([a-z-]+)'/g)].map(([, reason]) => reason ?? '');
  expect(reasons.length).toBeGreaterThanOrEqual(28);
  for (const reason of [...reasons, 'not-for-us', 'unreadable', 'didcomm-v1'])
    expect(refusal(reason), reason).toMatch(/^[A-Z].*\.$/);
});

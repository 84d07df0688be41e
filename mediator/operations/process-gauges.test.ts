import { expect, onTestFinished, test } from 'vitest';
import { createMetrics } from './metrics.ts';
import { gaugeProcess } from './process-gauges.ts';

test('a store that is away keeps no number of the process back, and is told of', async () => {
  const metrics = createMetrics();
  const faults: unknown[] = [];
  const away = new Error('away');
  onTestFinished(
    gaugeProcess(metrics, { stats: () => Promise.reject(away) }, (fault) => faults.push(fault)),
  );
  const page = await metrics.text();
  expect(page).toMatch(/^parley_uptime_seconds \d/m);
  expect(page).not.toMatch(/^parley_accounts /m);
  expect(faults).toEqual([away]);
});

import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('what was counted is told in the text format of Prometheus', async () => {
  const metrics = createMetrics();
  metrics.count('forwards_total', { outcome: 'kept' });
  metrics.count('forwards_total', { outcome: 'kept' }, 2);
  metrics.count('faults_total', { code: 'a"b\\c\nd' });
  metrics.gauge('live_sockets', () => 7);
  metrics.gauge('inbox_messages', async () => undefined);
  expect(await metrics.text())
    .toBe(`# HELP parley_forwards_total Forwards answered, by outcome: kept, unknown, full, too-big, malformed.
# TYPE parley_forwards_total counter
parley_forwards_total{outcome="kept"} 3
# HELP parley_faults_total Broken devices and bugs, by code.
# TYPE parley_faults_total counter
parley_faults_total{code="a\\"b\\\\c\\nd"} 1
# HELP parley_live_sockets Open WebSockets.
# TYPE parley_live_sockets gauge
parley_live_sockets 7
# HELP parley_inbox_messages Messages that wait in all inboxes.
# TYPE parley_inbox_messages gauge
`);
});

test('a distribution counts everything up to each bound', async () => {
  const metrics = createMetrics();
  for (const size of [1, 2, 3, 300]) metrics.observe('commit_size', size);
  const lines = (await metrics.text()).split('\n');
  expect(lines.slice(2)).toEqual([
    ...[
      ['1', 1],
      ['2', 2],
      ...['4', '8', '16', '32', '64', '128', '256'].map((bound) => [bound, 3]),
      ['+Inf', 4],
    ].map(([bound, below]) => `parley_commit_size_bucket{le="${bound}"} ${below}`),
    'parley_commit_size_sum 306',
    'parley_commit_size_count 4',
    '',
  ]);
});

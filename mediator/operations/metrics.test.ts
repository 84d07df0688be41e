import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COUNTERS, GAUGES, HISTOGRAMS } from './families.ts';
import { createMetrics } from './metrics.ts';

test('what was counted is told in the text format of Prometheus', async () => {
  const metrics = createMetrics();
  metrics.count('forwards_total', { outcome: 'kept' });
  metrics.count('forwards_total', { outcome: 'kept' }, 2);
  metrics.count('faults_total', { code: 'a"b\\c\nd' });
  metrics.gauge('live_sockets', () => 7);
  metrics.gauge('inbox_messages', async () => undefined);
  const lines = (await metrics.text()).split('\n');
  const family = (name: string) => lines.filter((line) => line.includes(`parley_${name}`));
  expect(family('forwards_total')).toEqual([
    '# HELP parley_forwards_total Forwards answered, by outcome: kept, unknown, full, too-big, malformed.',
    '# TYPE parley_forwards_total counter',
    'parley_forwards_total{outcome="kept"} 3',
    ...['unknown', 'full', 'too-big', 'malformed'].map(
      (outcome) => `parley_forwards_total{outcome="${outcome}"} 0`,
    ),
  ]);
  expect(family('faults_total').at(-1)).toBe('parley_faults_total{code="a\\"b\\\\c\\nd"} 1');
  expect(family('live_sockets').slice(1)).toEqual([
    '# TYPE parley_live_sockets gauge',
    'parley_live_sockets 7',
  ]);
  expect(family('inbox_messages')).toHaveLength(2);
  expect(lines.at(-1)).toBe('');
});

test('what did not happen yet is told as nothing, so that its first time is an increase', async () => {
  const text = await createMetrics().text();
  for (const series of [
    'rate_limited_total{of="address"}',
    'rate_limited_total{of="account"}',
    'faults_total{code="store/unavailable"}',
    'forwards_total{outcome="full"}',
    'refused_total{status="503"}',
    'wakeups_total{outcome="lost"}',
    'webpush_total{outcome="refused"}',
    'expired_total',
    'pushes_total',
    'commit_milliseconds_count',
  ])
    expect(text.split('\n')).toContain(`parley_${series} 0`);
});

test('each is explained to the operator', () => {
  const page = readFileSync('docs/operating.md', 'utf8');
  const names = [COUNTERS, HISTOGRAMS, GAUGES].flatMap((families) => Object.keys(families));
  expect(names.filter((name) => !page.includes(`\`parley_${name}\``))).toEqual([]);
});

test('a distribution counts everything up to each bound', async () => {
  const metrics = createMetrics();
  for (const size of [1, 2, 3, 300]) metrics.observe('commit_size', size);
  const lines = (await metrics.text()).split('\n');
  expect(lines.filter((line) => line.startsWith('parley_commit_size'))).toEqual([
    ...[
      ['1', 1],
      ['2', 2],
      ...['4', '8', '16', '32', '64', '128', '256'].map((bound) => [bound, 3]),
      ['+Inf', 4],
    ].map(([bound, below]) => `parley_commit_size_bucket{le="${bound}"} ${below}`),
    'parley_commit_size_sum 306',
    'parley_commit_size_count 4',
  ]);
});

import {
  COUNTERS,
  GAUGES,
  HISTOGRAMS,
  type CounterName,
  type GaugeName,
  type HistogramName,
} from './families.ts';

export type Labels = Readonly<Record<string, string>>;

/** Where rooms count what they do. Labels are words of ours, never of a stranger. */
export interface Metrics {
  count(name: CounterName, labels?: Labels, by?: number): void;
  observe(name: HistogramName, value: number): void;
  /** @param read asked at every scrape; undefined when there is nothing to tell */
  gauge(name: GaugeName, read: () => Reading | Promise<Reading>, labels?: Labels): void;
}

type Reading = number | undefined;

export interface MetricsPage extends Metrics {
  /** The Prometheus text format 0.0.4. */
  text(): Promise<string>;
}

const PREFIX = 'parley_';

interface Histogram {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Nobody asks: for tests and for parts used on their own. */
export const noMetrics: Metrics = {
  count: () => undefined,
  observe: () => undefined,
  gauge: () => undefined,
};

const namesOf = <Name extends string>(families: Readonly<Record<Name, unknown>>): readonly Name[] =>
  Object.keys(families) as Name[];

export function createMetrics(): MetricsPage {
  const counters = new Map(
    namesOf(COUNTERS).map((name) => [
      name,
      new Map(COUNTERS[name].from0.map((labels: Labels) => [labelText(labels), 0])),
    ]),
  );
  const histograms = new Map(
    namesOf(HISTOGRAMS).map((name): [HistogramName, Histogram] => [
      name,
      { buckets: HISTOGRAMS[name].bounds.map(() => 0), sum: 0, count: 0 },
    ]),
  );
  const gauges = new Map<
    GaugeName,
    { readonly labels: Labels; readonly read: () => Reading | Promise<Reading> }[]
  >();

  return {
    count: (name, labels = {}, by = 1) => {
      const series = counters.get(name);
      const key = labelText(labels);
      series?.set(key, (series.get(key) ?? 0) + by);
    },
    observe: (name, value) => {
      const { bounds } = HISTOGRAMS[name];
      const histogram = histograms.get(name);
      if (!histogram) return;
      const place = bounds.findIndex((bound) => value <= bound);
      if (place >= 0) histogram.buckets[place] = (histogram.buckets[place] ?? 0) + 1;
      histogram.sum += value;
      histogram.count += 1;
    },
    gauge: (name, read, labels = {}) => {
      gauges.set(name, [...(gauges.get(name) ?? []), { labels, read }]);
    },
    text: async () => {
      const families: string[][] = [];
      for (const [name, series] of counters)
        families.push([
          ...head(name, 'counter', COUNTERS[name].help),
          ...[...series].map(([labels, value]) => `${PREFIX}${name}${labels} ${value}`),
        ]);
      for (const [name, histogram] of histograms) families.push(histogramLines(name, histogram));
      for (const [name, readings] of gauges) {
        const lines = head(name, 'gauge', GAUGES[name]);
        for (const { labels, read } of readings) {
          const value = await read();
          if (value !== undefined) lines.push(`${PREFIX}${name}${labelText(labels)} ${value}`);
        }
        families.push(lines);
      }
      return `${families.flat().join('\n')}\n`;
    },
  };
}

function histogramLines(name: HistogramName, { buckets, sum, count }: Histogram): string[] {
  const { help, bounds } = HISTOGRAMS[name];
  let below = 0;
  const lines = bounds.map((bound, place) => {
    below += buckets[place] ?? 0;
    return `${PREFIX}${name}_bucket{le="${bound}"} ${below}`;
  });
  return [
    ...head(name, 'histogram', help),
    ...lines,
    `${PREFIX}${name}_bucket{le="+Inf"} ${count}`,
    `${PREFIX}${name}_sum ${sum}`,
    `${PREFIX}${name}_count ${count}`,
  ];
}

const head = (name: string, type: string, help: string): string[] => [
  `# HELP ${PREFIX}${name} ${help}`,
  `# TYPE ${PREFIX}${name} ${type}`,
];

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

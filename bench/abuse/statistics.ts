import { percentile } from '../load/percentile.ts';

export interface Area {
  /** The chance that one of `b` took longer than one of `a`, half of it where both took the same: 0.5 tells nothing. */
  readonly value: number;
  /** What 0.5 strays by in 95 of 100 runs when there is no difference. */
  readonly chance: number;
}

export function area(a: readonly number[], b: readonly number[]): Area {
  const all = [...a.map((ms) => ({ ms, b: 0 })), ...b.map((ms) => ({ ms, b: 1 }))];
  all.sort((x, y) => x.ms - y.ms);
  let ranks = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (all[to]?.ms === all[from]?.ms && to < all.length) to += 1;
    const rank = (from + 1 + to) / 2;
    for (; from < to; from += 1) ranks += rank * (all[from]?.b ?? 0);
  }
  const [m, n] = [a.length, b.length];
  return {
    value: (ranks - (n * (n + 1)) / 2) / (m * n),
    chance: 1.96 * Math.sqrt((m + n + 1) / (12 * m * n)),
  };
}

/** p50, p90, p99 and most, in ms, as cells of 8. */
export const quantiles = (values: readonly number[]): string =>
  [0.5, 0.9, 0.99, 1].map((part) => percentile(values, part).toFixed(3).padStart(9)).join('');

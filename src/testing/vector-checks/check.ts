import { toHex } from '../hex.ts';

/** One set of vectors. It runs wherever the engine does: in Node, on a page and in a worker. */
export interface VectorCheck {
  readonly name: string;
  /** How many things must have been compared: a vector must not vanish unnoticed. */
  readonly count: number;
  /** @returns how many were compared @throws Error at the first that is not as it should be */
  readonly run: () => Promise<number>;
}

/** Deep equality, for values of JSON and bytes. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [is, shouldBe] = [canonical(actual), canonical(expected)];
  if (is !== shouldBe) throw new Error(`${what}: ${is}, not ${shouldBe}`);
}

function canonical(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return toHex(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  }) as string | undefined;
  return text ?? 'undefined';
}

/** For values that the vectors promise. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

/** One line for people and tests: `358 of 358 in 29 sets`, and a line more for each set that failed. */
export async function reportOn(checks: readonly VectorCheck[]): Promise<string> {
  const outcomes = await Promise.all(
    checks.map(async (check) => ({ ...check, failure: await failureOf(check) })),
  );
  const sum = (list: readonly VectorCheck[]) => list.reduce((total, { count }) => total + count, 0);
  const good = outcomes.filter(({ failure }) => failure === undefined);
  const bad = outcomes.filter(({ failure }) => failure !== undefined);
  return [
    `${sum(good)} of ${sum(checks)} in ${checks.length} sets`,
    ...bad.map(({ name, failure }) => `${name}: ${failure ?? ''}`),
  ].join('\n');
}

/** Runs a check. @returns what went wrong; undefined when all is as it should be */
export async function failureOf({ run, count }: VectorCheck): Promise<string | undefined> {
  try {
    const compared = await run();
    return compared === count ? undefined : `compared ${compared}, not ${count}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A command line that cannot be meant; the message is for whoever wrote it. */
export class UsageError extends Error {}

/** @param why there is a bound, where that is not plain to see */
export function wholeNumber(
  flag: string,
  value: string,
  least: number,
  most: number,
  why?: string,
): number {
  const number = /^\d{1,12}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  const reason = why === undefined ? '' : `: ${why}`;
  throw new UsageError(`--${flag} takes a whole number from ${least} to ${most}${reason}`);
}

export function publicUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.search || parsed.hash)
    throw new UsageError('--url takes an http or https URL without query or fragment');
  return url;
}

export function databaseUrl(url: string): string {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new UsageError('--store takes a postgres:// URL');
  return url;
}

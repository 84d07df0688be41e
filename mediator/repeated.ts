/** Again and again, never twice at the same time. @returns what ends it, once nothing is under way */
export function repeated(
  work: () => Promise<void>,
  everyMs: number,
  onFault: (fault: unknown) => void,
): () => Promise<void> {
  let underway: Promise<void> | undefined;
  const timer = setInterval(() => {
    underway ??= work()
      .catch(onFault)
      .finally(() => {
        underway = undefined;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await underway;
  };
}

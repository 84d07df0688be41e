/** Loaded into a mediator by a bench (`--import`): says on SIGUSR2 how long its event loop was held since the last time. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('SIGUSR2', () => {
    const ms = (ns: number): string => (ns / 1e6).toFixed(1);
    console.error(`LAG ${ms(delay.percentile(50))} ${ms(delay.percentile(99))} ${ms(delay.max)}`);
    delay.reset();
  });
}

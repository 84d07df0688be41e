/**
 * Loaded into a mediator by a bench (`--import`): says on SIGUSR2 how long its event loop was held since the last time,
 * and on SIGHUP what its main thread holds on to once all that is garbage is gone.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('SIGUSR2', () => {
    const ms = (ns: number): string => (ns / 1e6).toFixed(1);
    console.error(`LAG ${ms(delay.percentile(50))} ${ms(delay.percentile(99))} ${ms(delay.max)}`);
    delay.reset();
  });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  process.on('SIGHUP', () => {
    collect();
    // What had to be closed first is garbage only then.
    setImmediate(() => {
      collect();
      const { heapUsed, external } = process.memoryUsage();
      console.error(`HELD ${((heapUsed + external) / 2 ** 20).toFixed(1)}`);
    });
  });
}

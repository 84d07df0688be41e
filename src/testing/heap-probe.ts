/** Loaded into a process by a test (`--import`): says on SIGUSR2 how many bytes of heap it cannot let go of. */
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  process.on('SIGUSR2', () => {
    collect();
    // What the first one has finalized.
    collect();
    console.error(`HEAP ${process.memoryUsage().heapUsed}`);
  });
}

// npm start: sets a fresh clone up, builds the wallet when its sources changed, then runs wallet
// and mediator together. Flags after `--` go to the mediator: --port, --lan, --url, --data ...
import process from 'node:process';
import { runPinned, runServer, setUp, stopWithSignals } from './setup.mjs';

stopWithSignals(0);
await setUp();
const built = await runPinned(['scripts/build.ts', '--if-stale']);
if (built !== 0) process.exit(built);
process.exit(await runServer(['mediator/main.ts', '--dist', 'dist', ...process.argv.slice(2)]));

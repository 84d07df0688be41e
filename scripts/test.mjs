// npm test: sets a fresh clone up and runs everything that must hold; ends with one line, `<n>
// passed, <n> failed`.
import process from 'node:process';
import { runPinned, setUp, stopWithSignals } from './setup.mjs';

stopWithSignals(143);
await setUp();
process.exit(await runPinned(['scripts/test-all.ts']));

/** npm run check: everything that a program can say about the code without running it. */
import process from 'node:process';
import { gates, type Tally } from './steps.ts';

export const check = (): Promise<Tally> =>
  gates([
    ['Types', 'tsc', ['-b']],
    ['Lint', 'eslint', ['.']],
    ['Rooms', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src', 'mediator']],
    ['Format', 'prettier', ['--check', '.']],
  ]);

if (import.meta.main) process.exitCode = (await check()).failed === 0 ? 0 : 1;

/** npm run check: everything that a program can say about the code without running it. */
import process from 'node:process';
import { gate, sum, type Tally } from './steps.ts';

export async function check(): Promise<Tally> {
  return sum([
    await gate('Types', 'tsc', ['-b']),
    await gate('Lint', 'eslint', ['.']),
    await gate('Rooms', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src', 'mediator']),
    await gate('Format', 'prettier', ['--check', '.']),
  ]);
}

if (import.meta.main) process.exitCode = (await check()).failed === 0 ? 0 : 1;

import process from 'node:process';

/**
 * One line a claim.
 * @param measured time hangs on the machine: a claim about it is printed, and any other that fails fails the run
 */
export function verdict(claim: string, holds: boolean, measured = false): void {
  console.log(`${holds ? 'holds ' : 'FAILS '} ${claim}`);
  if (!holds && !measured) process.exitCode = 1;
}

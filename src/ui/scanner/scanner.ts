import type { Scanner } from './types.ts';

export type { CameraFailure, PictureOutcome, Scanner, StartOutcome } from './types.ts';

/** Loads the scanner's code, which the app's first load leaves out. Rejects when it cannot be had. */
export async function loadScanner(): Promise<Scanner> {
  const { createScanner } = await import('./camera-scanner.ts');
  return createScanner();
}

import type { Scanner, StartOutcome } from '../../src/ui/scanner/scanner.ts';
import { later, useWorld } from './world.ts';

// Stands in for src/ui/scanner/scanner.ts in the gallery: no camera, the outcome of the scene.

export async function loadScanner(): Promise<Scanner> {
  return {
    async start(container): Promise<StartOutcome> {
      await later();
      const { camera } = useWorld.getState();
      if (camera === 'never') return { kind: 'stopped' };
      const picture = document.createElement('div');
      Object.assign(picture.style, { position: 'absolute', inset: '0', background: '#444a48' });
      if (camera === 'started') container.append(picture);
      return { kind: camera };
    },
    stop: () => later(),
    scanPicture: () => Promise.resolve({ kind: 'no-code' }),
  };
}

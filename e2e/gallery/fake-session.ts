import { change } from './world.ts';

// Stands in for src/state/session.ts in the gallery.

export const startOver = (): void => change({ boot: { kind: 'new' } });

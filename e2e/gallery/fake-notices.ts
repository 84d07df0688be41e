import type { NoticesView } from '../../src/state/views.ts';
import { useWorld } from './world.ts';

// Stands in for src/state/notices.ts in the gallery.

export const useNotices = (): NoticesView | undefined => useWorld(({ notices }) => notices);

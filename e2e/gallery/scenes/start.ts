import { longName } from '../people.ts';
import { usualBut, type Scene } from '../scene.ts';

export const startScenes = {
  start: usualBut({ path: '/start', boot: { kind: 'new' } }),
  'start-invited': usualBut({
    path: '/start',
    boot: { kind: 'new' },
    inviter: { name: 'Alice Moreau', over: false },
  }),
  'start-invited-long': usualBut({
    path: '/start',
    boot: { kind: 'new' },
    inviter: { name: longName, over: false },
  }),
  'start-invited-unknown': usualBut({
    path: '/start',
    boot: { kind: 'new' },
    inviter: { name: undefined, over: false },
  }),
  'start-invited-over': usualBut({
    path: '/start',
    boot: { kind: 'new' },
    inviter: { name: undefined, over: true },
  }),
  'boot-insecure': usualBut({ boot: { kind: 'failed', code: 'insecure' } }),
  'boot-failed': usualBut({ boot: { kind: 'failed', code: 'storage-newer' } }),
} satisfies Record<string, Scene>;

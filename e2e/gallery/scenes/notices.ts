import { usualBut, type Scene } from '../scene.ts';

export const noticeScenes = {
  toast: usualBut({ toast: { text: 'Link copied.', role: 'status' } }),
  'toast-alert': usualBut({
    toast: {
      text: 'This browser does not let Parley copy. The link is selected: copy it by hand.',
      role: 'alert',
    },
  }),
} satisfies Record<string, Scene>;

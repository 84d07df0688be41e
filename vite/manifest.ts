import type { ManifestOptions } from 'vite-plugin-pwa';

const icon = (src: string, sizes: string, purpose: 'any' | 'maskable' | 'monochrome') => ({
  src: `/icons/${src}.png`,
  sizes,
  type: 'image/png',
  purpose,
});

/** The web app manifest: what makes Parley installable and what the system may open it with. */
export const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Parley',
  short_name: 'Parley',
  description: 'A private messenger that opens from a link',
  lang: 'en',
  start_url: '/?src=pwa',
  scope: '/',
  display: 'standalone',
  theme_color: '#1F5F5B',
  background_color: '#FBF7F1',
  categories: ['social', 'communication'],
  icons: [
    icon('icon-192', '192x192', 'any'),
    icon('icon-512', '512x512', 'any'),
    icon('maskable-512', '512x512', 'maskable'),
    icon('monochrome-512', '512x512', 'monochrome'),
  ],
  shortcuts: [
    { name: 'Scan', url: '/scan', icons: [icon('icon-192', '192x192', 'any')] },
    { name: 'Invite', url: '/invite', icons: [icon('icon-192', '192x192', 'any')] },
  ],
  share_target: {
    action: '/share',
    method: 'POST',
    enctype: 'multipart/form-data',
    params: {
      title: 'title',
      text: 'text',
      url: 'url',
    },
  },
  protocol_handlers: [{ protocol: 'web+didcomm', url: '/open?u=%s' }],
  launch_handler: { client_mode: 'navigate-existing' },
};

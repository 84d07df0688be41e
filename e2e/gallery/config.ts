import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import type { InlineConfig, Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const fakes: Readonly<Record<string, string>> = {
  '/state/hooks.ts': here('fake-hooks.ts'),
  '/state/code-hooks.ts': here('fake-hooks.ts'),
  '/state/actions.ts': here('fake-actions.ts'),
  '/state/contact-actions.ts': here('fake-actions.ts'),
  '/state/inviter.ts': here('fake-hooks.ts'),
  '/state/mailbox.ts': here('fake-mailbox.ts'),
  '/state/notices.ts': here('fake-notices.ts'),
  '/state/session.ts': here('fake-session.ts'),
  '/scanner/scanner.ts': here('fake-scanner.ts'),
};

const fakeRooms: Plugin = {
  name: 'fake-rooms',
  enforce: 'pre',
  resolveId: (source) => Object.entries(fakes).find(([end]) => source.endsWith(end))?.[1],
};

/** The page's own policy (mediator/headers.ts), so that a screen which offends it is noticed. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; " +
  "require-trusted-types-for 'script'; trusted-types app";

/** The screens alone, over scenes instead of a wallet. */
export const galleryConfig: InlineConfig = {
  configFile: false,
  root: here('.'),
  logLevel: 'warn',
  plugins: [fakeRooms, react()],
  build: {
    outDir: here('../../node_modules/.cache/gallery'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  preview: { port: 4173, headers: { 'Content-Security-Policy': policy } },
};

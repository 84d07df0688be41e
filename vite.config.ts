import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { compatWorker } from './vite/compat-worker.ts';
import { manifest } from './vite/manifest.ts';
import { qrDecoder } from './vite/qr-decoder.ts';
import { buildWorkerInParts, workerPartsInDevelopment } from './vite/worker-parts.ts';

const decoder = fileURLToPath(new URL('src/ui/scanner/zxing-decoder.ts', import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      // The package's own entry wraps the ES5 build (to survive being loaded twice); this one is a
      // tenth smaller.
      { find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.mjs' },
      // Wouter still brings the stand-in for a React that has no such hook itself.
      { find: /^use-sync-external-store\/shim\/index\.js$/, replacement: 'react' },
    ],
  },
  plugins: [
    react(),
    qrDecoder(decoder),
    workerPartsInDevelopment(),
    compatWorker(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      manifest,
      // The page registers the worker itself, through its Trusted Types policy (src/pwa/register.ts).
      injectRegister: false,
      includeManifestIcons: false,
      injectManifest: {
        // The scanner's wasm is left to the warm-up: 412 kB that an install must not wait for. The
        // icons of the home screen are the system's to keep.
        globPatterns: [
          'index.html',
          'assets/*.{js,css}',
          'icons/{icon.svg,icon-192.png,badge-96.png}',
        ],
        // What tells one version of a file from the next, not from all files in the world.
        manifestTransforms: [
          (entries) => ({
            manifest: entries.map((entry) => ({
              ...entry,
              revision: entry.revision?.slice(0, 12) ?? null,
            })),
          }),
        ],
      },
      integration: {
        configureCustomSWViteBuild: buildWorkerInParts,
      },
      devOptions: { enabled: true, type: 'module' },
    }),
  ],
  build: {
    // Every browser with X25519 in Web Crypto has modulepreload; the polyfill would only add bytes.
    modulePreload: { polyfill: false },
    // No data: urls: what the Content Security Policy lets in has a file name and a hash.
    assetsInlineLimit: 0,
    // The service worker is built in a plugin's callback, which is no slow plugin to be warned of.
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        codeSplitting: {
          // What the start needs: one file that changes with every version and one that changes
          // with the libraries. Left alone it comes in seven, 3 kB larger.
          groups: [
            {
              name: 'libraries',
              test: /[\\/]node_modules[\\/]/,
              tags: ['$initial'],
            },
            { name: 'start', tags: ['$initial'] },
          ],
        },
      },
    },
    // Which file imports which, for the size gates of scripts/check-build.ts.
    manifest: true,
  },
});

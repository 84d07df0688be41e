import { build, type Plugin } from 'vite';

/**
 * Builds what only browsers without X25519 or Ed25519 load, beside the rest: /curves.js and /sw-compat.js.
 * Nothing of it is in the page, in sw.js or in the list of files that an install fetches.
 */
export function compatWorker(): Plugin {
  let outDir = '';
  return {
    name: 'parley:compat-worker',
    apply: 'build',
    configResolved: (config) => {
      outDir = config.build.outDir;
    },
    closeBundle: async () => {
      for (const [name, entry] of ENTRIES)
        await build({
          configFile: false,
          logLevel: 'error',
          publicDir: false,
          build: {
            outDir,
            emptyOutDir: false,
            lib: { entry, name: 'parley', formats: ['iife'], fileName: () => `${name}.js` },
          },
        });
    },
  };
}

const ENTRIES = [
  ['curves', 'src/curves/curves.ts'],
  ['sw-compat', 'src/sw-compat.ts'],
] as const;

import type { InlineConfig, Plugin } from 'vite';

/**
 * Lets the service worker be written with `import()`, which browsers refuse in service workers. Each part
 * that is imported so becomes a classic script of its own: fetched once, while the worker installs (the
 * browser keeps it with the worker, so it is there offline), and evaluated when it is first needed. What a
 * worker needs at every start stays small that way.
 *
 * The bundler writes the parts as CommonJS; this wraps them and gives the worker the `require` that they
 * ask for. (Service Workers, "importScripts(urls)": after installation only scripts imported before.)
 *
 * @param config of the build that vite-plugin-pwa makes for the worker
 */
export function buildWorkerInParts(config: InlineConfig): void {
  // The plugin builds the worker by a second build of its own, which would be as loud again.
  config.logLevel = 'error';
  config.plugins = [wrapParts];
}

const ONE_FILE = 'inlineDynamicImports';
const IN_PARTS = {
  format: 'cjs',
  chunkFileNames: 'worker/[name]-[hash].js',
} as const;

const wrapParts: Plugin = {
  name: 'parley:worker-parts',
  enforce: 'pre',
  /** Vite's own helper adds link elements to a document before it loads a part. */
  load: (id) =>
    id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load();' : null,
  outputOptions: (options) => ({
    // vite-plugin-pwa asks for one file.
    ...Object.fromEntries(Object.entries(options).filter(([name]) => name !== ONE_FILE)),
    ...IN_PARTS,
  }),
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const parts = chunks.filter(({ isEntry }) => !isEntry).map(({ fileName }) => fileName);
      for (const chunk of chunks)
        chunk.code = chunk.isEntry
          ? worker(chunk.code, parts)
          : `self.part=(require,exports)=>{${chunk.code}\n}`;
    },
  },
};

const worker = (code: string, parts: readonly string[]): string =>
  parts.length === 0
    ? code
    : `(()=>{const exports={},parts=new Map(),require=path=>{` +
      `const name=path.split("/").pop();` +
      `if(/^sw[a-z-]*\\.m?js$/.test(name))return exports;` +
      `let part=parts.get(name);` +
      `if(!part){parts.set(name,part={});importScripts("/worker/"+name);self.part(require,part)}` +
      `return part};` +
      `self.addEventListener("install",()=>importScripts(${parts.map((part) => JSON.stringify(`/${part}`)).join()}));` +
      `${code}\n})();`;

/**
 * The same for development, where the worker is a module whose files the page shares: there `import()` in the
 * rooms that the worker is made of is turned into an import at the top.
 */
export function workerPartsInDevelopment(): Plugin {
  return {
    name: 'parley:worker-parts-in-development',
    apply: 'serve',
    enforce: 'post',
    transform(code, id) {
      if (!WORKER_ROOMS.test(id)) return null;
      const imports: string[] = [];
      const rewritten = code.replace(/\bimport\(("[^"]+"|'[^']+')\)/g, (_all, path: string) => {
        imports.push(`import * as part${imports.length} from ${path};`);
        return `Promise.resolve(part${imports.length - 1})`;
      });
      return imports.length === 0 ? null : { code: `${imports.join('')}${rewritten}`, map: null };
    },
  };
}
const WORKER_ROOMS = /\/src\/(services|protocols|didcomm|did|crypto)\/[^?]*\.ts/;

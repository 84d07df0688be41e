import type { InlineConfig, Plugin, Rolldown } from 'vite';

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
const IN_PARTS: Rolldown.OutputOptions = {
  format: 'cjs',
  chunkFileNames: 'worker/[name]-[hash].js',
  codeSplitting: {
    // What the start shares with the engine stays with the start.
    includeDependenciesRecursively: false,
    groups: [{ name: partOf }],
  },
};

const START = /\/src\/sw\.ts$/;
/** With what every chat comes to, a moment after the mail: it is answered, and the live socket is held. */
const ENGINE = /\/src\/(sw-engine|services\/(outbox-flush|receipts|live))\.ts$/;
/** Ciphers and curves that hardly anybody's mail needs, and what the start itself asks for. */
const ALONE = /\/node_modules\/|\/src\/crypto\/|\/services\/tapped\.ts$/;

/** The modules that are evaluated together with these, found when the graph is whole. */
const start = new Set<string>();
const engine = new Set<string>();

/** One file for what is needed rarely: many small ones would be larger, and no sooner there. */
function partOf(id: string): string | null {
  if (start.has(id)) return null;
  if (engine.has(id)) return 'sw-engine';
  return ALONE.test(id) ? null : 'sw-rare';
}

function gather(
  id: string,
  graph: Pick<Rolldown.PluginContext, 'getModuleInfo'>,
  into: Set<string>,
): void {
  if (into.has(id)) return;
  into.add(id);
  for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) gather(imported, graph, into);
}

const wrapParts: Plugin = {
  name: 'parley:worker-parts',
  enforce: 'pre',
  buildEnd() {
    const ids = [...this.getModuleIds()];
    const collect = (root: RegExp, into: Set<string>): void => {
      into.clear();
      for (const id of ids.filter((one) => root.test(one))) gather(id, this, into);
    };
    collect(START, start);
    collect(ENGINE, engine);
  },
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
      const entry = chunks.find(({ isEntry }) => isEntry);
      if (!entry) return;
      // What the bundler set apart because several ask for it goes where it is first asked for.
      const merged: Part[] = [];
      for (const root of [entry, ...chunks.filter(isAskedForBy(entry))]) {
        const own = neededBy(root, chunks).filter(
          (part) => part !== entry && !merged.includes(part),
        );
        merged.push(...own);
        root.code = `Object.assign(own,{${own.map((part) => `${keyOf(part)}:${asFunction(part)}`).join()}});${root.code}`;
      }
      const parts = chunks.filter((chunk) => chunk !== entry && !merged.includes(chunk));
      for (const part of parts) part.code = `self.part=${asFunction(part)}`;
      entry.code = worker(
        entry.code,
        parts.map(({ fileName }) => fileName),
      );
      for (const { fileName } of merged) Reflect.deleteProperty(bundle, fileName);
    },
  },
};

type Part = Pick<Rolldown.OutputChunk, 'fileName' | 'imports' | 'code'>;

const isAskedForBy =
  ({ dynamicImports }: Rolldown.OutputChunk) =>
  ({ fileName }: Part): boolean =>
    dynamicImports.includes(fileName);

/** All that a chunk evaluates before itself. */
function neededBy(chunk: Part, chunks: readonly Part[], found: Part[] = []): readonly Part[] {
  for (const name of chunk.imports) {
    const imported = chunks.find(({ fileName }) => fileName === name);
    if (!imported || found.includes(imported)) continue;
    found.push(imported);
    neededBy(imported, chunks, found);
  }
  return found;
}

const asFunction = ({ code }: Part): string => `(require,exports,own)=>{${code}\n}`;
const keyOf = ({ fileName }: Part): string => JSON.stringify(fileName.split('/').at(-1));

const worker = (code: string, parts: readonly string[]): string =>
  `(()=>{const exports={},own={},parts=new Map(),` +
  `require=path=>{const name=path.split("/").pop();` +
  `if(/^sw\\.m?js$/.test(name))return exports;` +
  `let part=parts.get(name);` +
  `if(!part){parts.set(name,part={});` +
  `if(!own[name])importScripts("/worker/"+name);` +
  `(own[name]??self.part)(require,part,own)}` +
  `return part};` +
  `self.addEventListener("install",()=>importScripts(${parts.map((name) => JSON.stringify(`/${name}`)).join()}));` +
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
const WORKER_ROOMS = /\/src\/((services|protocols|didcomm|did|crypto)\/[^?]*|sw)\.ts/;

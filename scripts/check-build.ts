/**
 * Gates on the built wallet in dist/: what a first visit loads stays small, the service worker is a
 * script every browser can start, and the page keeps to its Content Security Policy. Prints one
 * line a gate; exit code 1 when one fails.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}
interface Gate {
  readonly name: string;
  readonly found: string;
  readonly ok: boolean;
}

const DIST = 'dist';
const SCANNER = 'src/ui/scanner/camera-scanner.ts';

const read = (file: string): string => readFileSync(path.join(DIST, file), 'utf8');
const chunks = JSON.parse(read('.vite/manifest.json')) as Readonly<Record<string, Chunk>>;
const html = read('index.html');
const worker = read('sw.js');
const assets = readdirSync(path.join(DIST, 'assets')).map((name) => `assets/${name}`);

/** The files a chunk needs before it runs: itself and everything it imports statically. */
function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const chunk = chunks[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

const entry = Object.keys(chunks).find((key) => chunks[key]?.isEntry === true) ?? '';
const preloaded = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(
  ([, file = '']) => file,
);
const first = new Set([...filesOf(entry), ...preloaded]);
const scanner = [...filesOf(SCANNER)].filter((file) => !first.has(file));
const parts = existsSync(path.join(DIST, 'worker'))
  ? readdirSync(path.join(DIST, 'worker')).map((name) => `worker/${name}`)
  : [];
/** What two people who write to each other have their worker evaluate. */
const chat = parts.filter((file) => file.startsWith('worker/sw-engine-'));
const lazy = assets.filter(
  (file) => file.endsWith('.js') && !first.has(file) && !scanner.includes(file),
);

const gzipped = (file: string): number =>
  gzipSync(readFileSync(path.join(DIST, file)), { level: 9 }).length;
const sum = (files: Iterable<string>, ending: string): number =>
  [...files]
    .filter((file) => file.endsWith(ending))
    .reduce((total, file) => total + gzipped(file), 0);

const size = (name: string, bytes: number, limitKb: number): Gate => ({
  name,
  found: `${(bytes / 1000).toFixed(1)} of ${limitKb} kB gzip`,
  ok: bytes > 0 && bytes <= limitKb * 1000,
});
const rule = (name: string, problem: string | undefined): Gate => ({
  name,
  found: problem ?? 'yes',
  ok: problem === undefined,
});

const gates: readonly Gate[] = [
  size('first-load JavaScript', sum(first, '.js'), 130),
  size('first-load CSS', sum(first, '.css'), 12),
  size('service worker, at every start', gzipped('sw.js'), 10),
  size('service worker, in a chat', sum(['sw.js', ...chat], '.js'), 60),
  size('scanner JavaScript', sum(scanner, '.js'), 30),
  size('scanner wasm', sum(assets, '.wasm'), 415),
  ...parts
    .filter((file) => !chat.includes(file))
    .map((file) => size(`service worker, when needed: ${file}`, gzipped(file), 20)),
  size('curves, where the browser has none', gzipped('curves.js'), 20),
  ...lazy.map((file) => size(`lazy ${file}`, gzipped(file), 60)),
  ...['sw.js', 'sw-compat.js', ...parts].map((file) =>
    rule(`${file} is a classic script`, classicScriptProblem(read(file))),
  ),
  rule('service worker precaches every script and style', precacheProblem()),
  rule('only browsers without the curves load them', curvesProblem()),
  rule('page has no inline script or style', inlineProblem()),
];

for (const { name, found, ok } of gates)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${found}`);
if (gates.some(({ ok }) => !ok)) process.exitCode = 1;

/**
 * Registered as a classic script, a worker with import, export or top-level await never starts, and
 * `navigator.serviceWorker.ready` then never resolves; import() is refused in every service worker.
 */
function classicScriptProblem(source: string): string | undefined {
  try {
    new vm.Script(source);
  } catch (error) {
    return String(error);
  }
  return /\bimport\s*\(/.test(source) ? 'has import()' : undefined;
}

function precacheProblem(): string | undefined {
  if (worker.includes('__WB_MANIFEST')) return 'its list of files was not filled in';
  const missing = assets.filter(
    (file) => /\.(js|css)$/.test(file) && !worker.includes(`"${file}"`),
  );
  if (missing.length > 0) return `${missing.join(', ')} missing`;
  return /"url":"[^"]*\.wasm"/.test(worker) ? 'it would install the wasm too' : undefined;
}

/** The curves bring the constant d of Ed25519 (RFC 8032 section 5.1), which nothing else has. */
function curvesProblem(): string | undefined {
  const D = '52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3';
  if (!read('curves.js').includes(D)) return 'they are not in curves.js';
  const scripts = ['sw.js', ...parts, ...assets.filter((file) => file.endsWith('.js'))];
  const others = scripts.filter((file) => read(file).includes(D));
  if (others.length > 0) return `they are in ${others.join(', ')}`;
  return /"url":"(curves|sw-compat)\.js"/.test(worker) ? 'every install fetches them' : undefined;
}

function inlineProblem(): string | undefined {
  if (/<script(?![^>]*\ssrc=)/.test(html)) return 'inline script';
  return /<style|\sstyle=|\son[a-z]+=/.test(html) ? 'inline style or handler' : undefined;
}

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { walletHeaders, type Headers, type Origin } from './headers.ts';

interface WalletFile {
  readonly body: Buffer;
  /** Only where it is smaller. */
  readonly gzipped: Buffer | undefined;
  readonly headers: Headers;
}

export interface WalletAnswer {
  readonly status: 200 | 304;
  readonly headers: Headers;
  readonly body?: Buffer;
}

export interface Wallet {
  /** @returns undefined when there is no such file and the path is no screen of the app */
  get(path: string, asked: { gzip: boolean; ifNoneMatch: string }): WalletAnswer | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.wasm']);

/**
 * The built wallet, read once: what is not in it cannot be asked for, whatever a path says. Files whose
 * names carry a hash may be kept for ever; the others are asked for again each time.
 */
export function walletFiles(dist: string, origin: Origin): Wallet {
  const files = new Map<string, WalletFile>();
  const names = existsSync(dist) ? readdirSync(dist, { recursive: true, withFileTypes: true }) : [];
  for (const entry of names) {
    const name = relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (entry.isFile() && !/(^|\/)\./.test(name))
      files.set(`/${name}`, readWalletFile(join(dist, name), `/${name}`, origin));
  }
  const shell = files.get('/index.html');
  return {
    get: (path, asked) => {
      // A screen has no dot in its path; a missing file must not look like the app.
      const file = files.get(path) ?? (path.includes('.') ? undefined : shell);
      return file && answer(file, asked);
    },
  };
}

function readWalletFile(file: string, path: string, origin: Origin): WalletFile {
  const body = readFileSync(file);
  const extension = extname(path);
  const gzipped = COMPRESSIBLE.has(extension) ? gzipSync(body, { level: 9 }) : undefined;
  return {
    body,
    gzipped: gzipped && gzipped.length < body.length ? gzipped : undefined,
    headers: {
      ...walletHeaders(path, origin),
      'content-type': TYPES[extension] ?? 'application/octet-stream',
      'cache-control': path.startsWith('/assets/')
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      vary: 'accept-encoding',
    },
  };
}

function answer(
  { body, gzipped, headers }: WalletFile,
  asked: { readonly gzip: boolean; readonly ifNoneMatch: string },
): WalletAnswer {
  const known = asked.ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(headers['etag'] ?? '')) return { status: 304, headers };
  return asked.gzip && gzipped
    ? { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipped }
    : { status: 200, headers, body };
}

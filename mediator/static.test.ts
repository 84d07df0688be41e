import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { testMediator } from '../src/testing/test-mediator.ts';
import { walletFiles } from './static.ts';

const dist = mkdtempSync(join(tmpdir(), 'dist-'));
afterAll(() => rmSync(dist, { recursive: true }));
const script = `console.log('${'x'.repeat(2000)}')`;
mkdirSync(join(dist, 'assets'));
mkdirSync(join(dist, '.vite'));
for (const [name, text] of Object.entries({
  'index.html': '<title>Parley</title>',
  'sw.js': '// worker',
  'sw-compat.js': '// worker',
  'worker-backup.js': '// worker',
  'manifest.webmanifest': '{}',
  'assets/app-1a2b.js': script,
  'assets/decoder-3c4d.wasm': 'wasm',
  '.build-stamp': 'secret',
  '.vite/manifest.json': 'secret',
}))
  writeFileSync(join(dist, name), text);

const PUBLIC = { secure: true, local: false };
const ASKED = { gzip: false, ifNoneMatch: '' };
const wallet = walletFiles(dist, PUBLIC);

test('screens of the app get the shell, files that are missing do not', () => {
  for (const path of ['/', '/chats', '/i', '/start', '/chats/abc', '/index.html'])
    expect(wallet.get(path, ASKED)?.body?.toString(), path).toBe('<title>Parley</title>');
  for (const path of [
    '/assets/gone.js',
    '/.build-stamp',
    '/.vite/manifest.json',
    '/../package.json',
    '/favicon.ico',
  ])
    expect(wallet.get(path, ASKED), path).toBeUndefined();
});

test('pages have every header of the security reference', () => {
  expect(wallet.get('/', ASKED)?.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'content-security-policy':
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
      "img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; " +
      "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
      "frame-src 'none'; frame-ancestors 'none'; object-src 'none'; " +
      "require-trusted-types-for 'script'; trusted-types app",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=31536000',
    'permissions-policy':
      'camera=(self), microphone=(self), publickey-credentials-get=(self), ' +
      'publickey-credentials-create=(self), geolocation=(), usb=(), serial=(), bluetooth=(), ' +
      'payment=(), clipboard-read=(self)',
  });
});

test('the service worker may connect out; to local addresses only where the app is local', () => {
  const cspOf = (path: string, local: boolean) =>
    walletFiles(dist, { secure: !local, local }).get(path, ASKED)?.headers[
      'content-security-policy'
    ];
  const common = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
  for (const path of ['/sw.js', '/sw-compat.js']) {
    expect(cspOf(path, false)).toBe(`${common} https: wss:`);
    expect(cspOf(path, true)).toBe(`${common} https: wss: http: ws:`);
    expect(wallet.get(path, ASKED)?.headers['cache-control']).toBe('no-cache');
  }
  for (const local of [true, false]) {
    expect(cspOf('/worker-backup.js', local)).toBe(common);
    expect(cspOf('/', local)).toContain("connect-src 'self';");
  }
});

test('files with a hash in their name stay; the others are asked for again and may be unchanged', () => {
  const asset = wallet.get('/assets/app-1a2b.js', ASKED);
  expect(asset?.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const page = wallet.get('/', ASKED);
  const tag = page?.headers['etag'] ?? '';
  expect(tag).toMatch(/^"[\w-]{22}"$/);
  for (const ifNoneMatch of [tag, `W/${tag}`, `"other", ${tag}`])
    expect(wallet.get('/chats', { ...ASKED, ifNoneMatch })).toMatchObject({ status: 304 });
  expect(wallet.get('/', { ...ASKED, ifNoneMatch: '"other"' })?.status).toBe(200);
});

test('text is compressed for who asks and where it helps', () => {
  const plain = wallet.get('/assets/app-1a2b.js', ASKED);
  expect(plain?.headers).not.toHaveProperty('content-encoding');
  const zipped = wallet.get('/assets/app-1a2b.js', { ...ASKED, gzip: true });
  expect(zipped?.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(zipped?.body ?? '').toString()).toBe(script);
  const small = wallet.get('/sw.js', { ...ASKED, gzip: true });
  expect(small?.headers).not.toHaveProperty('content-encoding');
  expect(wallet.get('/assets/decoder-3c4d.wasm', ASKED)?.headers['content-type']).toBe(
    'application/wasm',
  );
});

test('the app serves wallet and interface side by side', async () => {
  const mediator = await testMediator({ distDir: dist, url: 'http://localhost:8080' });
  const page = await mediator.request({ path: '/' });
  expect([page.status, String(page.body)]).toEqual([200, '<title>Parley</title>']);
  expect(page.headers).not.toHaveProperty('strict-transport-security');
  expect(page.headers).not.toHaveProperty('access-control-allow-origin');
  const head = await mediator.request({ method: 'HEAD', path: '/chats' });
  expect(head).toEqual(page);
  expect((await mediator.request({ path: '/did' })).headers['content-type']).toMatch(
    /^text\/plain/,
  );
  expect((await mediator.request({ method: 'POST', path: '/' })).status).toBe(400);
});

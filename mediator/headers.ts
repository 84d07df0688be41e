/** The headers of security.md section 8, word for word; a test holds them against that page. */

const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types app',
].join('; ');

const WORKER_CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** The service worker alone reaches the network; local addresses only where the app itself is local. */
const serviceWorkerCsp = (ownIsLocal: boolean): string =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' https: wss:${
    ownIsLocal ? ' http: ws:' : ''
  }`;

const PERMISSIONS = [
  'camera=(self)',
  'microphone=(self)',
  'publickey-credentials-get=(self)',
  'publickey-credentials-create=(self)',
  'geolocation=()',
  'usb=()',
  'serial=()',
  // Chromium on Linux, which has no Web Bluetooth, says in its console that it does not know this one.
  'bluetooth=()',
  'payment=()',
  'clipboard-read=(self)',
].join(', ');

export type Headers = Readonly<Record<string, string>>;

export interface Origin {
  /** The public URL has https. */
  readonly secure: boolean;
  /** The public URL is localhost or a private address. */
  readonly local: boolean;
}

/** For a local name the promise would bind every server of that machine, whatever its port. */
const transport = (origin: Origin): Headers =>
  origin.secure && !origin.local ? { 'strict-transport-security': 'max-age=31536000' } : {};

/** For a file of the wallet, by its path. */
export function walletHeaders(path: string, origin: Origin): Headers {
  return {
    'content-security-policy': cspOf(path, origin.local),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'permissions-policy': PERMISSIONS,
    ...transport(origin),
  };
}

function cspOf(path: string, ownIsLocal: boolean): string {
  if (/^\/sw[a-z-]*\.js$/.test(path)) return serviceWorkerCsp(ownIsLocal);
  return /\/worker-[^/]*\.js$/.test(path) ? WORKER_CSP : PAGE_CSP;
}

/** For the mediator's own answers: anybody's wallet may ask, no cookie is ever involved. */
export const apiHeaders = (origin: Origin): Headers => ({
  'access-control-allow-origin': '*',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  ...transport(origin),
});

export const PREFLIGHT: Headers = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '86400',
};

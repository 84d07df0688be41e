import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { sha256 } from '../did-hash.ts';
import { listen } from '../listen.ts';
import type { MetricsPage } from './metrics.ts';
import type { Readiness } from './readiness.ts';

export interface AdminOptions {
  readonly port: number;
  readonly host: string;
  /** Asked of everybody as `Authorization: Bearer …`; needed unless the host is this machine only. */
  readonly token?: string;
}

/** @throws AdminError when others could come in without a token */
export function checkAdmin({ host, token }: AdminOptions): void {
  if (token === undefined && !isLoopback(host))
    throw new AdminError('--admin-host of another than this machine needs --admin-token-file');
}

/** The operator's own door: never the port that wallets use. */
export async function serveAdmin(
  { port, host, token }: AdminOptions,
  parts: { readonly metrics: MetricsPage; readonly ready: () => Promise<Readiness> },
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 });
  server.on('request', (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (token !== undefined && !isBearer(request.headers.authorization, token)) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return;
    }
    answer(path, parts).then(
      ({ status, type = 'text/plain; charset=utf-8', text = '' }) =>
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(503).end(), // the store could not be read: /ready tells
    );
  });
  const open = await listen(server, '--admin-port', port, host);
  return {
    port: open,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Why the operator's door stays shut; the operator reads it. */
export class AdminError extends Error {}

interface AdminAnswer {
  readonly status: number;
  readonly type?: string;
  readonly text?: string;
}

async function answer(
  path: string,
  { metrics, ready }: { readonly metrics: MetricsPage; readonly ready: () => Promise<Readiness> },
): Promise<AdminAnswer> {
  switch (path) {
    case '/metrics':
      return { status: 200, type: 'text/plain; version=0.0.4', text: await metrics.text() };
    case '/health':
      return { status: 200, text: 'ok\n' };
    case '/ready': {
      const state = await ready();
      return { status: state === 'ready' ? 200 : 503, text: `${state}\n` };
    }
    default:
      return { status: 404 };
  }
}

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

/** Compared by digests, so that the time tells nothing of the token. */
const isBearer = (header: string | undefined, token: string): boolean =>
  timingSafeEqual(sha256(header ?? ''), sha256(`Bearer ${token}`));

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Bytes } from '../src/lib/bytes.ts';
import type { App } from './app.ts';
import { apiHeaders } from './headers.ts';
import { clientOfAddress } from './rate-limit.ts';

/** How often it is looked whether a body comes in at all. */
const WATCH_MS = 5_000;

interface Incoming {
  readonly request: IncomingMessage;
  readonly leastPerSecond: number;
  length: number;
  /** At the last look; none yet for one that came since. */
  before?: number;
}

/** Bodies on their way: one clock for all of them, as most are there at once. */
const incoming = new Set<Incoming>();
let watch: NodeJS.Timeout | undefined;

function cutOffSlow(): void {
  for (const body of incoming) {
    const { request, leastPerSecond, length, before } = body;
    const least = (leastPerSecond * WATCH_MS) / 1000;
    if (before !== undefined && length - before < least) request.destroy();
    body.before = length;
  }
}

/**
 * The body, or undefined once it is longer than allowed: then the connection is of no more use.
 * @param leastPerSecond bytes; who sends fewer is cut off
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  leastPerSecond = 0,
): Promise<Bytes | undefined> {
  if (announcesMore(request, maxBytes)) return Promise.resolve(undefined);
  const body: Incoming = { request, leastPerSecond, length: 0 };
  watch ??= setInterval(cutOffSlow, WATCH_MS).unref();
  incoming.add(body);
  const parts: Buffer[] = [];
  const read = new Promise<Bytes | undefined>((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      body.length += part.length;
      if (body.length > maxBytes) resolve(undefined);
      else parts.push(part);
    });
    request.once('end', () => resolve(new Uint8Array(Buffer.concat(parts))));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client went away')));
  });
  return read.finally(() => incoming.delete(body));
}

const announcesMore = ({ headers }: IncomingMessage, maxBytes: number): boolean =>
  Number(headers['content-length'] ?? 0) > maxBytes;

/** @param trustProxy the last address that the proxy in front of the mediator added is the client's */
export function clientOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const last = String(forwarded ?? '')
    .split(',')
    .at(-1)
    ?.trim();
  return clientOfAddress(last || (request.socket.remoteAddress ?? ''));
}

export function respond(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer | undefined,
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const length = status === 204 || status === 304 ? {} : { 'content-length': bytes?.length ?? 0 };
  response.writeHead(status, { ...headers, ...length });
  response.end(bytes);
}

/** Requests to answers. Whatever is thrown below is a broken device or a bug: 503, never a 2xx. */
export function serveRequests(
  server: Server,
  app: App,
  options: {
    readonly bodyBytes: number;
    readonly bodyBytesPerSecond: number;
    readonly trustProxy: boolean;
    readonly onFault: (fault: unknown) => void;
  },
): { drain: () => void } {
  let draining = false;
  const unavailable = { ...apiHeaders({ secure: false, local: false }), 'retry-after': '5' };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (draining) {
      respond(response, 503, { ...unavailable, connection: 'close' }, undefined);
      return;
    }
    const body = await readBody(request, options.bodyBytes, options.bodyBytesPerSecond);
    if (!body) {
      respond(response, 413, { ...unavailable, connection: 'close' }, undefined);
      // The rest is thrown away for a moment, so that the client gets to read the answer.
      request.resume();
      setTimeout(() => request.destroy(), 1_000).unref();
      return;
    }
    const {
      status,
      headers,
      body: answer,
    } = await app({
      method: request.method ?? '',
      path: pathOf(request),
      client: clientOf(request, options.trustProxy),
      acceptsGzip: /\bgzip\b/.test(request.headers['accept-encoding'] ?? ''),
      ifNoneMatch: request.headers['if-none-match'] ?? '',
      body,
    });
    respond(response, status, headers, answer);
  };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch((fault: unknown) => {
      if (request.socket.destroyed) return; // the client went away
      options.onFault(fault);
      if (!response.headersSent) respond(response, 503, unavailable, undefined);
    });
  });
  // Who asks before it sends is told at once that it is too much (RFC 9110 section 10.1.1).
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!announcesMore(request, options.bodyBytes)) response.writeContinue();
    server.emit('request', request, response);
  });
  return {
    drain: () => {
      draining = true;
    },
  };
}

const PLAIN_PATH = /^(?:\/[\w-]+)*\/?$/;

/** Empty for a target that is no path. */
export function pathOf({ url = '' }: IncomingMessage): string {
  if (PLAIN_PATH.test(url)) return url;
  return URL.canParse(url, 'http://mediator') ? new URL(url, 'http://mediator').pathname : '';
}

import { fromBase64Url } from '../src/lib/base64url.ts';
import type { Bytes } from '../src/lib/bytes.ts';
import { apiHeaders, PREFLIGHT, type Headers, type Origin } from './headers.ts';
import type { Readiness } from './operations/readiness.ts';
import type { RateLimit } from './rate-limit.ts';
import { receive, type Answer, type ReceiveContext } from './receive.ts';
import type { Wallet } from './static.ts';

export interface AppRequest {
  readonly method: string;
  readonly path: string;
  /** Who is counted: an IPv4 address or an IPv6 /64. */
  readonly client: string;
  readonly acceptsGzip: boolean;
  readonly ifNoneMatch: string;
  readonly body: Bytes;
}

export interface AppResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body?: string | Buffer;
}

export interface AppContext {
  readonly receive: ReceiveContext;
  readonly ipRate: RateLimit;
  readonly wallet: Wallet;
  readonly origin: Origin;
  /** Paths of the service URI, with and without a slash at the end. */
  readonly postPaths: ReadonlySet<string>;
  /** The path of the public URL, without a slash at the end; a proxy may take it away, or not. */
  readonly prefix: string;
  /** Fixed answers by path. */
  readonly pages: ReadonlyMap<string, Page>;
  readonly ready: () => Promise<Readiness>;
  /** The sealed content of a short link; undefined when it is unknown, expired or removed. */
  readonly linkContent: (id: Uint8Array) => Promise<Uint8Array | undefined>;
}

export interface Page {
  readonly type: string;
  readonly text: string | Buffer;
}

export type App = (request: AppRequest) => Promise<AppResponse>;

/** The mediator without a socket: a request to its response. */
export function createApp(context: AppContext): App {
  const api = apiHeaders(context.origin);

  const take = async ({ client, body }: AppRequest): Promise<AppResponse> => {
    const { log, metrics } = context.receive;
    const wait = context.ipRate.take(client);
    if (wait > 0) {
      metrics.count('rate_limited_total', { of: 'address' });
      log.event('refused', { status: 429 });
      return { status: 429, headers: { ...api, 'retry-after': String(wait) } };
    }
    const answer = await receive(context.receive, body, client);
    if (answer.status >= 400) {
      metrics.count('refused_total', { status: String(answer.status) });
      log.event('refused', { status: answer.status });
    }
    return httpAnswer(answer, api);
  };

  /** Whatever is wrong with a link, the answer is one and the same: nobody learns what was once here. */
  const getLink = async (id: string): Promise<AppResponse> => {
    const content = await context.linkContent(fromBase64Url(id) ?? new Uint8Array());
    return content
      ? {
          status: 200,
          headers: { ...api, 'content-type': 'application/octet-stream' },
          body: Buffer.from(content),
        }
      : { status: 404, headers: api };
  };

  /** In words that tell a stranger no more than the number does. */
  const getReady = async (): Promise<AppResponse> => {
    const isReady = (await context.ready()) === 'ready';
    return {
      status: isReady ? 200 : 503,
      headers: { ...api, 'content-type': 'application/json' },
      body: JSON.stringify({ status: isReady ? 'ready' : 'not ready' }),
    };
  };

  const get = async (asked: AppRequest): Promise<AppResponse> => {
    const { acceptsGzip, ifNoneMatch } = asked;
    const path = asked.path.startsWith(`${context.prefix}/`)
      ? asked.path.slice(context.prefix.length)
      : asked.path;
    const [, link] = /^\/i\/(.+)$/.exec(path) ?? [];
    if (link !== undefined) return getLink(link);
    if (path === '/ready') return getReady();
    const page = context.pages.get(path);
    if (page)
      return { status: 200, headers: { ...api, 'content-type': page.type }, body: page.text };
    const file = context.wallet.get(asked.path, { gzip: acceptsGzip, ifNoneMatch });
    return file ?? { status: 404, headers: api };
  };

  return async (request) => {
    switch (request.method) {
      case 'POST':
        return context.postPaths.has(request.path) ? take(request) : { status: 404, headers: api };
      // What answers a HEAD says how long the body would be; the server leaves it out.
      case 'GET':
      case 'HEAD':
        return get(request);
      case 'OPTIONS':
        return { status: 204, headers: { ...api, ...PREFLIGHT } };
      default:
        return { status: 405, headers: { ...api, allow: 'GET, HEAD, POST, OPTIONS' } };
    }
  };
}

function httpAnswer({ status, reply, retryAfterSeconds }: Answer, api: Headers): AppResponse {
  const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return reply
    ? { status, headers: { ...api, ...retry, 'content-type': reply.mediaType }, body: reply.packed }
    : { status, headers: { ...api, ...retry } };
}

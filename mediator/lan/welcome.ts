import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { respond } from '../http.ts';
import {
  CERTIFICATE_PATH,
  openScript,
  SCRIPT_PATH,
  WELCOME_CSP,
  welcomePage,
  type Welcome,
} from './welcome-page.ts';

/** What phones and computers take for a certificate to install. */
export const CERTIFICATE_TYPE = 'application/x-x509-ca-cert';

/** By that name it lies among the downloads. */
const CERTIFICATE_HEADERS = {
  'content-type': CERTIFICATE_TYPE,
  'content-disposition': 'inline; filename="parley-ca.crt"',
} as const;

export interface WelcomeOptions extends Welcome {
  /** The authority's certificate, DER. */
  readonly certificate: Buffer;
}

const COMMON = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' } as const;

/**
 * The plain-http side of a local network: a page that says how to trust the certificate, the certificate,
 * and for every other path the way to the same one over https. Takes no message and no body.
 */
export function serveWelcome(options: WelcomeOptions): Server {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 });
  server.maxConnections = 500;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    request.resume();
    const path = URL.canParse(url, 'http://lan') ? new URL(url, 'http://lan') : undefined;
    if (method !== 'GET' && method !== 'HEAD') {
      // A client that posts here would send in the clear what it may only send over https.
      respond(response, 405, { ...COMMON, allow: 'GET, HEAD' }, undefined);
    } else if (path === undefined) respond(response, 400, COMMON, undefined);
    else answer(response, path, options, request.headers['user-agent']);
  });
  return server;
}

function answer(
  response: ServerResponse,
  { pathname, search }: URL,
  options: WelcomeOptions,
  userAgent = '',
): void {
  switch (pathname) {
    case '/':
      respond(
        response,
        200,
        {
          ...COMMON,
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': WELCOME_CSP,
          'referrer-policy': 'no-referrer',
        },
        welcomePage(options, userAgent),
      );
      return;
    case SCRIPT_PATH:
      respond(
        response,
        200,
        { ...COMMON, 'content-type': 'text/javascript; charset=utf-8' },
        openScript(options.url),
      );
      return;
    case CERTIFICATE_PATH:
      respond(response, 200, { ...COMMON, ...CERTIFICATE_HEADERS }, options.certificate);
      return;
    default:
      // Not for ever: another machine may have this address tomorrow.
      respond(
        response,
        307,
        { ...COMMON, location: `${options.url}${pathname}${search}` },
        undefined,
      );
  }
}

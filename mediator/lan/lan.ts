import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Clock } from '../../src/lib/clock.ts';
import { isLocalHost } from '../../src/lib/local-host.ts';
import type { Page } from '../app.ts';
import { listen } from '../listen.ts';
import { fileSettings } from '../settings.ts';
import { hostInUrl, machineName, mainAddress } from './addresses.ts';
import {
  hostsOf,
  keepRenewed,
  loadAuthority,
  serverCertificate,
  type TlsFiles,
} from './authority.ts';
import { derOf, fingerprintOf, isVouchable } from './certificates.ts';
import { leadPlainHttp } from './plain-http.ts';
import type { TerminalFacts } from './terminal.ts';
import { CERTIFICATE_PATH } from './welcome-page.ts';
import { CERTIFICATE_TYPE, serveWelcome } from './welcome.ts';

export interface LanOptions {
  /** Of the plain-http side; 0 takes a free one. */
  readonly httpPort: number;
}

const FIRST_BYTE_MS = 5_000;

/** What the operator can mend, in words for the operator. */
export class LanError extends Error {}

/** A mediator's life on a local network: its certificate, and the page by which phones learn to trust it. */
export interface Lan {
  /** For the server; it is told of a new one by itself once `serve` was called. */
  readonly tls: TlsFiles;
  readonly pages: ReadonlyMap<string, Page>;
  /** The address that people open. */
  urlAt(port: number): string;
  serve(server: HttpsServer, url: string): Promise<RunningLan>;
}

export interface RunningLan extends TerminalFacts {
  close(): Promise<void>;
}

/**
 * @param stated the public URL, when it was stated
 * @throws LanError when there is no local network, or the URL is of another one
 */
export async function openLan(
  options: LanOptions & { readonly dataDir: string; readonly host?: string | undefined },
  stated: string | undefined,
  clock: Clock,
): Promise<Lan> {
  const host = stated === undefined ? await openedAt(options.host) : hostOf(stated);
  if (host === undefined)
    throw new LanError(
      '--lan: this machine has no address on a local network; --host or --url states one',
    );
  if (!isLocalHost(hostInUrl(host)) || !isVouchable(host) || stated?.startsWith('http:') === true)
    throw new LanError('--lan serves https at names and addresses of local networks only');

  const settings = fileSettings(options.dataDir);
  const authority = await loadAuthority(settings, clock.now());
  const certificate = serverCertificate(authority, hostsOf(host), clock.now());
  const der = derOf(authority);
  return {
    get tls() {
      return certificate.files;
    },
    pages: new Map([[CERTIFICATE_PATH, { type: CERTIFICATE_TYPE, text: der }]]),
    urlAt: (port) => `https://${hostInUrl(host)}:${port}`,
    serve: async (server, url) => {
      const facts = { fingerprint: fingerprintOf(authority), machine: machineName() };
      const welcome = serveWelcome({ url, certificate: der, ...facts });
      const leading = leadPlainHttp(server, welcome, FIRST_BYTE_MS);
      const port = await listen(welcome, '--http-port', options.httpPort, options.host);
      const renewing = keepRenewed(server, certificate, () => hostsOf(host), clock);
      return {
        ...facts,
        setUpUrl: `http://${hostInUrl(host)}:${port}/`,
        close: async () => {
          renewing.stop();
          leading.close();
          await closed(welcome);
        },
      };
    },
  };
}

const EVERY_ADDRESS: readonly (string | undefined)[] = [undefined, '0.0.0.0', '::'];

/** The one address that it listens at, else the one that a phone most likely reaches. */
const openedAt = async (listensAt: string | undefined): Promise<string | undefined> =>
  EVERY_ADDRESS.includes(listensAt) ? mainAddress() : listensAt;

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return done;
}

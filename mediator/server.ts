import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { systemClock } from '../src/lib/clock.ts';
import { joinCluster } from './cluster.ts';
import { compose, type ServiceOptions } from './compose.ts';
import { startExpiry } from './expiry.ts';
import { serveRequests } from './http.ts';
import { createIdentity, endpointsAt, type Identity } from './identity.ts';
import { loadKeys } from './keys.ts';
import { openLan, type LanOptions, type RunningLan } from './lan/lan.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { liveHub } from './live-hub.ts';
import { listen } from './listen.ts';
import { checkAdmin, serveAdmin, type AdminOptions } from './operations/admin-server.ts';
import { codeOf, noLog } from './operations/log.ts';
import { createMetrics } from './operations/metrics.ts';
import { watchOutage } from './operations/outage.ts';
import { gaugeProcess } from './operations/process-gauges.ts';
import { readiness } from './operations/readiness.ts';
import { loadVapid } from './push/vapid.ts';
import { fileSettings } from './settings.ts';
import { openStorage, type Storage } from './storage.ts';
import type { InboxStore } from './store/types.ts';
import { startReaders } from './threads/readers.ts';

export interface MediatorOptions extends ServiceOptions {
  readonly port: number;
  /** Every address of this machine when absent. */
  readonly host?: string;
  /** The public URL; `http://localhost:<port>` when absent, on a local network the machine's own. */
  readonly url?: string;
  /** Serves https on the local network, by a certificate authority of its own. */
  readonly lan?: LanOptions;
  readonly dataDir: string;
  readonly limits?: Limits;
  /** Of a PostgreSQL database; a file in the data folder when absent. */
  readonly storeUrl?: string;
  /** `host:port` where the other nodes of the database reach this one. */
  readonly nodeAddress?: string;
  /** How often a node looks for mail that came in at another one. */
  readonly pollMs?: number;
  /** Used instead of either. */
  readonly store?: InboxStore;
  /** Threads that open envelopes, beside one that writes to the file; without any, one thread does it all. */
  readonly workers?: number;
  /** Where the operator reads how it does; nowhere when absent. */
  readonly admin?: AdminOptions;
}

export interface Mediator {
  readonly url: string;
  readonly identity: Identity;
  readonly lan?: RunningLan;
  /** The port of the operator's door. */
  readonly adminPort?: number;
  /** Stops accepting, finishes what is underway, closes the sockets. */
  close(): Promise<void>;
}

const DRAIN_MS = 5_000;
const POLL_MS = 15_000;

/** Opens the data, listens, serves. @throws StoreError, LanError, or the system's error when it cannot listen */
export async function startMediator(options: MediatorOptions): Promise<Mediator> {
  const { limits = DEFAULT_LIMITS, workers = 0 } = options;
  if (options.admin) checkAdmin(options.admin);
  const metrics = createMetrics();
  const outage = watchOutage({
    ready: () => readyState.ask(),
    log: options.log ?? noLog,
    onFault: options.onFault,
  });
  const onFault = (fault: unknown): void => {
    metrics.count('faults_total', { code: codeOf(fault) });
    outage.fault(fault);
  };
  const lan =
    options.lan && (await openLan({ ...options, ...options.lan }, options.url, systemClock));
  const storage: Storage = options.store
    ? { store: options.store, settings: fileSettings(options.dataDir) }
    : await openStorage(
        { ...options, ...(workers > 0 ? { onWriterFault: onFault } : {}) },
        limits.store,
        metrics,
      );
  const { store, settings, nodes } = storage;
  const keys = await loadKeys(settings);
  const vapid = await loadVapid(settings);
  const { pollMs = POLL_MS } = options;
  const cluster =
    nodes && (await joinCluster({ ...options, nodes, settings, pollMs, limits, metrics, onFault }));
  const timing = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
    keepAliveTimeout: 30_000,
    // Some clients offer HTTP/2 with every request; who cannot, goes on as if nothing was offered (RFC 9110 section 7.8).
    shouldUpgradeCallback: ({ headers }: IncomingMessage) =>
      /^websocket$/i.test(headers.upgrade ?? ''),
  };
  const tls = lan && createTlsServer({ ...lan.tls, ...timing, handshakeTimeout: limits.headersMs });
  const server = tls ?? createServer(timing);
  server.maxConnections = limits.sockets + 2_000;
  // Who takes nothing of an answer for so long is as gone as who answers no ping: answers must not pile up here.
  server.setTimeout(limits.socketPingMs);
  const port = await listen(server, '--port', options.port, options.host).catch(
    async (cause: unknown) => {
      await cluster?.close();
      await store.close();
      throw cause;
    },
  );

  const endpoints = endpointsAt(options.url ?? lan?.urlAt(port) ?? `http://localhost:${port}`);
  const url = endpoints.http;
  const identity = createIdentity(keys, endpoints);
  const readers =
    workers > 0
      ? startReaders({ workers, keys: keys.text, endpoints, limits, reading: limits, onFault })
      : undefined;
  const readyState = readiness(store, onFault);
  const { app, sockets, push } = compose(
    { ...options, onFault },
    {
      metrics,
      ready: readyState.ask,
      limits,
      store,
      server,
      url,
      identity,
      hub: cluster?.hub ?? liveHub(),
      clock: systemClock,
      vapid,
      ...(lan ? { pages: lan.pages } : {}),
      ...(readers ? { read: readers.read } : {}),
    },
  );
  const traffic = serveRequests(server, app, {
    bodyBytes: limits.bodyBytes,
    bodyBytesPerSecond: limits.bodyBytesPerSecond,
    trustProxy: options.trustProxy ?? false,
    onFault,
  });
  const runningLan = tls && (await lan.serve(tls, url));
  await readers?.ready;
  const stopExpiry = startExpiry({ store, limits, metrics, onFault });
  const stopGauges = gaugeProcess(metrics, store, onFault);
  const admin =
    options.admin && (await serveAdmin(options.admin, { metrics, ready: readyState.ask }));

  return {
    url,
    identity,
    ...(runningLan ? { lan: runningLan } : {}),
    ...(admin ? { adminPort: admin.port } : {}),
    close: async () => {
      readyState.drain();
      outage.close();
      stopGauges();
      await runningLan?.close();
      traffic.drain();
      const closed = new Promise((resolve) => server.close(resolve));
      const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      // Wallets that lose their socket now come back to the next process by themselves.
      await Promise.all([push.close(), sockets.close()]);
      server.closeIdleConnections();
      await closed;
      clearTimeout(late);
      await readers?.close();
      await cluster?.close();
      await stopExpiry();
      await store.close();
    },
  };
}

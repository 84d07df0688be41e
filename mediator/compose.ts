import type { Server } from 'node:http';
import { isDid } from '../src/did/did.ts';
import { resolverKnowing } from '../src/did/resolve-known.ts';
import { resolveDid } from '../src/did/resolve.ts';
import { DOC } from '../src/didcomm/message-type.ts';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import type { Clock } from '../src/lib/clock.ts';
import { isLocalHost } from '../src/lib/local-host.ts';
import { createApp, type App, type Page } from './app.ts';
import type { Origin } from './headers.ts';
import { clientOf } from './http.ts';
import type { Identity } from './identity.ts';
import { inboxShares } from './inbox-shares.ts';
import type { Limits } from './limits.ts';
import type { LiveHub } from './live-hub.ts';
import { noLog, type Log } from './operations/log.ts';
import { noMetrics, type Metrics } from './operations/metrics.ts';
import type { Readiness } from './operations/readiness.ts';
import { createOutbound } from './outbound.ts';
import { pagesOf } from './pages.ts';
import { storeKeylist, storeLinks, storeMailbox, storeRelay, storeSubscriptions } from './ports.ts';
import { FEATURES, FEATURES_WITHOUT_RELAY } from './protocols.ts';
import { createPushSender, type PushSender } from './push/sender.ts';
import { PUSH_SERVICES } from './push/services.ts';
import type { Vapid } from './push/vapid.ts';
import { dailyTouch } from './daily-touch.ts';
import { budgetPer, tokenBuckets } from './rate-limit.ts';
import { readPacked, type ReadPacked } from './read.ts';
import type { ReceiveContext } from './receive.ts';
import { walletFiles } from './static.ts';
import { serveSockets, type LiveSockets } from './sockets.ts';
import type { InboxStore } from './store/types.ts';
import { turnRelays, type TurnServer } from './turn.ts';

export interface ServiceOptions {
  /** The built wallet. */
  readonly distDir: string;
  readonly trustProxy?: boolean;
  readonly unknownForwards?: 'report' | 'silent';
  readonly newAccounts?: 'open' | 'closed';
  readonly replyInBand?: 'always' | 'strict';
  /** The relay for calls that accounts are lent. */
  readonly turn?: TurnServer;
  /** Events that are no faults; nobody is told when absent. */
  readonly log?: Log;
  /** Hosts of push services that are sent to, `*.` for all below a name; those of the usual browsers. */
  readonly pushServices?: readonly string[];
  /** Whom push services may turn to, `mailto:` or https; the public URL where that is one. */
  readonly pushContact?: string;
  /** Told of broken devices and bugs; never holds what a message says. */
  readonly onFault: (fault: unknown) => void;
}

export interface Parts {
  readonly limits: Limits;
  readonly store: InboxStore;
  readonly server: Server;
  readonly url: string;
  readonly identity: Identity;
  readonly hub: LiveHub;
  readonly clock: Clock;
  /** Further fixed answers by path. */
  readonly pages?: ReadonlyMap<string, Page>;
  /** Opens envelopes on other threads; on this one when absent. */
  readonly read?: ReadPacked;
  readonly metrics?: Metrics;
  readonly ready?: () => Promise<Readiness>;
  readonly vapid: Vapid;
}

/** Puts the parts of one mediator together around its store, its keys and its server. */
export function compose(
  options: ServiceOptions,
  {
    limits,
    store,
    server,
    url,
    identity,
    hub,
    clock,
    vapid,
    pages = new Map(),
    read,
    metrics = noMetrics,
    ready,
  }: Parts,
): { readonly app: App; readonly sockets: LiveSockets; readonly push: PushSender } {
  const engine = nativeEngine;
  // A did:peer:4 is long where it introduces itself; from then on its short form will do.
  const resolve = resolverKnowing(resolveDid, async (short) => {
    const known = await store.accountDid(short);
    return known !== undefined && isDid(known) ? known : undefined;
  });
  const { hostname, protocol, pathname } = new URL(url);
  const origin: Origin = { secure: protocol === 'https:', local: isLocalHost(hostname) };
  const ipRate = tokenBuckets(clock, limits.ratePerIp, limits.burstPerIp);
  const push = createPushSender({
    store,
    hub,
    vapid,
    contact: options.pushContact ?? (origin.secure ? url : DOC),
    mediatorId: identity.did,
    ownIsLocal: origin.local,
    limits,
    clock,
    metrics,
    onFault: options.onFault,
  });
  const context = {
    store,
    push,
    identity,
    resolve,
    hub,
    clock,
    limits,
    shares: inboxShares(limits),
    unknownForwards: options.unknownForwards ?? 'report',
    newAccounts: options.newAccounts ?? 'open',
  } as const;
  const relay = storeRelay(context);
  const readKnowing: ReadPacked = (packed) =>
    readPacked({ engine, resolve, identity, clock, limits }, packed);
  const receiving: ReceiveContext = {
    read: read ?? readKnowing,
    readKnowing,
    engine,
    resolve,
    identity,
    store,
    ports: {
      keylist: storeKeylist(context),
      mailbox: storeMailbox(context),
      links: storeLinks(context),
      subscriptions: storeSubscriptions(store, {
        vapidPublicKey: vapid.publicB64u,
        ownIsLocal: origin.local,
        pushServices: options.pushServices ?? PUSH_SERVICES,
      }),
      relay,
      features: options.turn ? FEATURES : FEATURES_WITHOUT_RELAY,
      relays: turnRelays({ store, clock }, options.turn),
    },
    outbound: createOutbound({
      engine,
      resolve,
      identity,
      relay,
      clock,
      limits,
      ownIsLocal: origin.local,
    }),
    clock,
    limits,
    accountRate: tokenBuckets(clock, limits.ratePerAccount, limits.burstPerAccount),
    reportBudget: budgetPer(3_600_000, limits.reportsPerHour, clock),
    replyInBand: options.replyInBand ?? 'always',
    touch: dailyTouch(store, clock, options.onFault),
    metrics,
    log: options.log ?? noLog,
    onFault: options.onFault,
  };
  const prefix = pathname.replace(/\/+$/, '');
  const app = createApp({
    receive: receiving,
    ipRate,
    wallet: walletFiles(options.distDir, origin),
    origin,
    prefix,
    postPaths: new Set(prefix === '' ? ['/'] : ['/', prefix, `${prefix}/`]),
    pages: new Map([...pagesOf(url, identity), ...pages]),
    ready: ready ?? (async () => 'ready'),
    linkContent: (id) => store.link(id, clock.now()),
  });
  const sockets = serveSockets(server, {
    receive: receiving,
    hub,
    limits,
    ipRate,
    paths: new Map([
      ...['/ws', `${prefix}/ws`].map((path) => [path, 'text'] as const),
      // For clients that read what comes as a Blob.
      ...['/ws/bin', `${prefix}/ws/bin`].map((path) => [path, 'binary'] as const),
    ]),
    clientOf: (request) => clientOf(request, options.trustProxy ?? false),
    onMissed: (account) => push.wake(account),
    onFault: options.onFault,
  });
  metrics.gauge('live_sockets', () => sockets.size);
  return { app, sockets, push };
}

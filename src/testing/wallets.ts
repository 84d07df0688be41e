import 'fake-indexeddb/auto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../mediator/limits.ts';
import { startMediator, type Mediator } from '../../mediator/server.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { createEngine, type Engine, type Notices } from '../services/engine.ts';
import { acceptIntent, openCode } from '../services/invitations.ts';
import type { BrowserPush } from '../services/push-subscription.ts';
import { createWallet, openWallet, type Wallet } from '../services/wallet.ts';
import { MessagePayload, openRow } from '../storage/payloads.ts';
import { ParleyDb } from '../storage/schema.ts';
import { fetchTransport, type HttpTransport } from '../transport/http.ts';
import { connectWebSocket, type ConnectLive } from '../transport/websocket.ts';

/** A real mediator on a free port, with limits that a test does not run into. */
export const freshMediator = (
  dataDir = mkdtempSync(join(tmpdir(), 'parley-')),
  port = 0,
): Promise<Mediator> =>
  startMediator({
    port,
    host: '127.0.0.1',
    dataDir,
    distDir: dataDir,
    limits: {
      ...DEFAULT_LIMITS,
      ratePerIp: 10_000,
      burstPerIp: 10_000,
      ratePerAccount: 10_000,
      burstPerAccount: 10_000,
    },
    onFault: (fault) => {
      throw fault;
    },
  });

/** The wallet's core without a browser: page services and the worker's engine over one database. */
export interface TestWallet {
  readonly wallet: Wallet;
  readonly engine: Engine;
  readonly network: { online: boolean };
  /** What the engine reported instead of throwing. */
  readonly failures: unknown[];
  /** Delays of the timers that the engine set, milliseconds. */
  readonly timers: number[];
  /** Texts of a chat, oldest first, as `me: hi` or `them: hi`, with the state of own ones. */
  chat(contactId: string): Promise<{ readonly text: string; readonly st: string }[]>;
  /** One run of the engine, as a sync event starts it; tells whether all is done. */
  settle(): Promise<boolean>;
}

/** What a test puts around a wallet; the real thing where nothing is said. */
export interface Surroundings {
  readonly http?: HttpTransport;
  readonly connectLive?: ConnectLive;
  readonly clock?: Clock;
  readonly setTimer?: (run: () => void, ms: number) => void;
  readonly notices?: Notices;
  readonly push?: BrowserPush;
  /** Addresses kept in reserve; none unless a test is about them. */
  readonly spares?: number;
}

let wallets = 0;
/** A database name that no other test of this process has. */
export const freshName = (): string => `test-${(wallets += 1)}`;

export async function freshWallet(
  name: string,
  url: string,
  surroundings: Surroundings = {},
): Promise<TestWallet> {
  const { clock = systemClock } = surroundings;
  const db = new ParleyDb(freshName());
  return around(await createWallet({ db, engine: nativeEngine, clock }, name), url, surroundings);
}

/** A database opened again; only here, where the browser's own was put in place before. */
export const databaseNamed = (name: string): ParleyDb => new ParleyDb(name);

/** Another engine, as after a restart, over a database that has a wallet. */
export async function reopenedWallet(
  db: ParleyDb,
  url: string,
  surroundings: Surroundings = {},
): Promise<TestWallet> {
  const { clock = systemClock } = surroundings;
  const opened = await openWallet({ db, engine: nativeEngine, clock });
  if (opened.kind !== 'open') throw new Error(opened.kind);
  return around(opened.wallet, url, surroundings);
}

function around(wallet: Wallet, url: string, surroundings: Surroundings): TestWallet {
  const network = { online: true };
  const failures: unknown[] = [];
  const timers: number[] = [];
  const { http = httpFrom(url), setTimer = realTimer } = surroundings;
  const engine = createEngine({
    open: async () => wallet,
    http: {
      post: async (...args) => (network.online ? http.post(...args) : { kind: 'unreachable' }),
      get: async (...args) => (network.online ? http.get(...args) : { kind: 'unreachable' }),
      getText: async (path) => (network.online ? http.getText(path) : undefined),
    },
    connectLive: surroundings.connectLive ?? connectWebSocket,
    exclusively: (run) => run(),
    notices: surroundings.notices ?? { newTexts: async () => undefined },
    push: surroundings.push ?? {},
    ownOrigin: url,
    spares: surroundings.spares ?? 0,
    clock: wallet.clock,
    setTimer: (run, ms) => {
      timers.push(ms);
      setTimer(run, ms);
    },
    askForSync: async () => undefined,
    onFailure: (error) => failures.push(error),
  });
  return {
    wallet,
    engine,
    network,
    failures,
    timers,
    chat: (contactId) => chatOf(wallet, contactId),
    settle: () => engine.wake('sync'),
  };
}

const realTimer = (run: () => void, ms: number): void => {
  setTimeout(run, ms).unref();
};

/** Accepts an invitation as the person does: reads the code, then says yes. @returns the contact's row id */
export async function acceptCode(
  { wallet }: Pick<TestWallet, 'wallet'>,
  code: string,
): Promise<string> {
  const opened = await openCode(wallet, code, '');
  if (opened.kind !== 'preview') throw new Error(opened.kind);
  const accepted = await acceptIntent(wallet, opened.intentId);
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  return accepted.contactId;
}

/** The real network, with paths taken at this origin. */
export const httpFrom = (url: string): HttpTransport => ({
  post: (...args) => fetchTransport.post(...args),
  get: (...args) => fetchTransport.get(...args),
  getText: (path) => fetchTransport.getText(new URL(path, url).href),
});

export async function chatOf(
  wallet: Wallet,
  contactId: string,
): Promise<{ readonly text: string; readonly st: string }[]> {
  const rows = await wallet.db.messages
    .where('[c+s]')
    .between([contactId, 0], [contactId, Infinity])
    .toArray();
  return Promise.all(
    rows.map(async (row) => {
      const payload = await openRow(wallet.vault, MessagePayload, 'messages', row);
      return {
        text: `${payload?.mine === true ? 'me' : 'them'}: ${payload?.text ?? '?'}`,
        st: row.st,
      };
    }),
  );
}

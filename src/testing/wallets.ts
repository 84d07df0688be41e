import 'fake-indexeddb/auto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../mediator/limits.ts';
import { startMediator, type Mediator } from '../../mediator/server.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { createEngine, type Engine } from '../services/engine.ts';
import { createWallet, type Wallet } from '../services/wallet.ts';
import { MessagePayload, openRow } from '../storage/payloads.ts';
import { ParleyDb } from '../storage/schema.ts';
import { fetchTransport, type HttpTransport } from '../transport/http.ts';
import { connectWebSocket } from '../transport/websocket.ts';

/** A real mediator on a free port, with limits that a test does not run into. */
export const freshMediator = (
  dataDir = mkdtempSync(join(tmpdir(), 'parley-')),
): Promise<Mediator> =>
  startMediator({
    port: 0,
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
  /** Texts of a chat, oldest first, as `me: hi` or `them: hi`, with the state of own ones. */
  chat(contactId: string): Promise<{ readonly text: string; readonly st: string }[]>;
  /** One run of the engine, as a sync event starts it; tells whether all is done. */
  settle(): Promise<boolean>;
}

let wallets = 0;

export async function freshWallet(name: string, url: string): Promise<TestWallet> {
  wallets += 1;
  const clock = { now: () => Date.now() };
  const db = new ParleyDb(`test-${wallets}`);
  const wallet = await createWallet({ db, engine: nativeEngine, clock }, name);
  const network = { online: true };
  const http: HttpTransport = {
    post: async (...args) =>
      network.online ? fetchTransport.post(...args) : { kind: 'unreachable' },
    getText: async (path) =>
      network.online ? fetchTransport.getText(new URL(path, url).href) : undefined,
  };
  const engine = createEngine({
    open: async () => wallet,
    http,
    connectLive: connectWebSocket,
    exclusively: (run) => run(),
    notices: { newTexts: async () => undefined },
    ownOrigin: url,
    clock,
    setTimer: (run, ms) => {
      setTimeout(run, ms).unref();
    },
    askForSync: async () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
  return {
    wallet,
    engine,
    network,
    chat: async (contactId) => {
      const rows = await db.messages
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
    },
    settle: () => engine.wake('sync'),
  };
}

import { systemClock } from '../lib/clock.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { ParleyDb } from '../storage/schema.ts';
import { fetchTransport } from '../transport/http.ts';
import { connectWebSocket } from '../transport/websocket.ts';
import { createEngine, type Engine, type Notices } from './engine.ts';
import type { BrowserPush } from './push-subscription.ts';
import { openWallet, type Wallet } from './wallet.ts';

/** What only a service worker's surroundings can give. */
export interface WorkerSurroundings {
  readonly ownOrigin: string;
  readonly notices: Notices;
  readonly push: BrowserPush;
  readonly askForSync: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

const ENGINE_LOCK = 'parley-engine';
/** So many codes can be made in a row without a network. */
const SPARES = 3;

/** Composition root of the service worker: from here alone the network is reached, but for `inviter.ts`. */
export function composeWorker(surroundings: WorkerSurroundings): Engine {
  const db = new ParleyDb();
  let wallet: Wallet | undefined;
  return createEngine({
    ...surroundings,
    open: async () => {
      if (wallet) return wallet;
      const opened = await openWallet({ db, engine: nativeEngine, clock: systemClock });
      if (opened.kind === 'open') wallet = opened.wallet;
      return wallet;
    },
    spares: SPARES,
    http: fetchTransport,
    connectLive: connectWebSocket,
    exclusively: async (run) => {
      await navigator.locks.request(ENGINE_LOCK, run);
    },
    clock: systemClock,
    setTimer: (run, ms) => {
      setTimeout(run, ms);
    },
  });
}

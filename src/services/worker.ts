import { systemClock } from '../lib/clock.ts';
import { nativeEngine } from '../didcomm/native-engine.ts';
import { ParleyDb } from '../storage/schema.ts';
import { fetchTransport } from '../transport/http.ts';
import { connectWebSocket } from '../transport/websocket.ts';
import { createEngine, type Engine, type Notices } from './engine.ts';
import { openWallet, type Wallet } from './wallet.ts';

/** What only a service worker's surroundings can give. */
export interface WorkerSurroundings {
  readonly ownOrigin: string;
  readonly notices: Notices;
  readonly askForSync: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

const ENGINE_LOCK = 'parley-engine';
/** So many codes can be made in a row without a network. */
const SPARES = 3;

/** Who a link says it is from; needs no wallet. */
export async function inviterOf(link: string, ownOrigin: string): Promise<string> {
  const { inviterIn } = await import('./inviter.ts');
  return inviterIn({ http: fetchTransport, ownOrigin }, link);
}

/** Composition root of the service worker: the one place from which the network is reached. */
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

import type { Clock } from '../lib/clock.ts';
import type { HttpTransport } from '../transport/http.ts';
import type { ConnectLive } from '../transport/websocket.ts';
import type { ControlPorts } from './control.ts';
import { processInbox } from './inbox.ts';
import { liveLink } from './live.ts';
import { ensureMediation } from './mediation.ts';
import type { ReadyMediator } from './mediators.ts';
import { flushOutbox } from './outbox-flush.ts';
import { drainMailbox } from './pickup.ts';
import { runRecipientUpdates } from './recipient-updates.ts';
import { confirmReceived } from './receipts.ts';
import { reportBudget } from './report-budget.ts';
import { forgetExpired } from './housekeeping.ts';
import { noteMailbox } from './status.ts';
import type { Wallet } from './wallet.ts';

export interface EnginePorts {
  /** The wallet, or undefined while there is none. */
  readonly open: () => Promise<Wallet | undefined>;
  readonly http: HttpTransport;
  readonly connectLive: ConnectLive;
  /** Runs alone among all pages and workers of this origin. */
  readonly exclusively: (run: () => Promise<void>) => Promise<void>;
  readonly notices: Notices;
  readonly ownOrigin: string;
  readonly clock: Clock;
  readonly setTimer: (run: () => void, ms: number) => void;
  /** Asks the browser to wake us when the network is back. */
  readonly askForSync: () => Promise<void>;
  /** A pass that nobody waits for failed: a bug or a broken device. */
  readonly onFailure: (error: unknown) => void;
}

export interface Notices {
  /** New texts were stored: tell the person, unless a page is visible. */
  newTexts(wallet: Wallet, count: number): Promise<void>;
}

export type WakeReason = 'visible' | 'online' | 'enqueued' | 'sync' | 'periodic' | 'push' | 'timer';

export interface Engine {
  /**
   * Does everything that is due.
   * @returns whether all is done: false when something waits for another try
   */
  wake(reason: WakeReason): Promise<boolean>;
  /** No page is visible any more: the live socket goes. */
  hidden(): void;
}

/** How long the socket outlives the last visible page. */
const GRACE_MS = 30_000;

/**
 * The engine of the wallet: all that the network does (architecture.md, "Who runs where"). Passes run one
 * after another; whoever wakes it during a pass waits for the next one.
 */
export function createEngine(ports: EnginePorts): Engine {
  const reports = reportBudget(ports.clock);
  let running: Promise<void> | undefined;
  let allDone = true;
  let again = false;
  let wantMail = true;
  let hurry = false;
  let visible = false;
  let hiddenAt = 0;
  let link: ReturnType<typeof liveLink> | undefined;

  const run = (): Promise<void> => {
    again = true;
    running ??= drive();
    return running;
  };

  async function drive(): Promise<void> {
    try {
      do {
        await ports.exclusively(async () => {
          while (again) {
            again = false;
            await pass();
          }
        });
        // Whoever wakes the engine while the lock is given back finds it still running.
      } while (again);
    } finally {
      running = undefined;
    }
  }

  const runUnattended = (): void => {
    run().catch(ports.onFailure);
  };

  /** One timer at a time: the earliest wins. */
  let timerAt = Infinity;
  const later = (ms: number): void => {
    const at = ports.clock.now() + ms;
    if (timerAt <= at) return;
    timerAt = at;
    ports.setTimer(() => {
      timerAt = Infinity;
      runUnattended();
    }, ms);
  };

  async function pass(): Promise<void> {
    const wallet = await ports.open();
    allDone = !wallet;
    if (!wallet) return;
    const network = { ...wallet, http: ports.http, ownOrigin: ports.ownOrigin };
    const mediation = await ensureMediation(network);
    if (mediation.kind !== 'ready') {
      await noteMailbox(wallet.db, { error: mediation.kind, live: false });
      await ports.askForSync();
      later(5_000);
      return;
    }
    const { mediator } = mediation;
    link ??= linkFor(wallet);
    if (visible) await link.hold(mediator);
    // [Note: Backlog before live]
    if (wantMail) link.dropFrames();
    else wantMail = await link.takeFrames(mediator);
    await show(wallet);
    if (hurry) await dropDelays(wallet);
    await runRecipientUpdates(network, mediator);
    await flushOutbox(network);
    if (wantMail) await fetchMail(wallet, network, mediator);
    await flushOutbox(network);
    await planNext(wallet);
  }

  async function fetchMail(
    wallet: Wallet,
    network: ControlPorts & { readonly db: Wallet['db'] },
    mediator: ReadyMediator,
  ): Promise<void> {
    wantMail = false;
    const outcome = await drainMailbox(network, mediator, () => show(wallet));
    await show(wallet);
    if (outcome.kind === 'drained') {
      await noteMailbox(wallet.db, { fetchedAt: ports.clock.now(), error: 'none' });
      await forgetExpired(wallet);
      return;
    }
    wantMail = true;
    await noteMailbox(wallet.db, { error: outcome.kind });
    await ports.askForSync();
    later((outcome.kind === 'unreachable' ? outcome.retryAfterMs : undefined) ?? 5_000);
  }

  /** The network seems to be back, or somebody is looking: what waits for its next try is due now. */
  async function dropDelays({ db }: Wallet): Promise<void> {
    hurry = false;
    await db.jobs.where('nextAt').above(0).modify({ nextAt: 0 });
    await db.outbox.where('nextAt').above(0).modify({ nextAt: 0 });
  }

  async function show(wallet: Wallet): Promise<void> {
    const count = await processInbox(wallet, reports);
    await confirmReceived(wallet);
    if (count > 0) await ports.notices.newTexts(wallet, count);
  }

  /** What must wait comes back by a timer while this worker lives, and by a sync event when it does not. */
  async function planNext(wallet: Wallet): Promise<void> {
    const [outbox, job] = await Promise.all([
      wallet.db.outbox.orderBy('nextAt').first(),
      wallet.db.jobs.orderBy('nextAt').first(),
    ]);
    const due = [outbox, job].flatMap((row) => (row ? [row.nextAt] : []));
    allDone = due.length === 0 && !wantMail;
    if (due.length === 0) return;
    await ports.askForSync();
    const wait = Math.min(...due) - ports.clock.now();
    if (wait > 0) later(wait);
  }

  const linkFor = (wallet: Wallet): ReturnType<typeof liveLink> =>
    liveLink({
      ...wallet,
      connectLive: ports.connectLive,
      setTimer: ports.setTimer,
      onActivity: (activity) => {
        if (activity === 'open') wantMail = true;
        if (activity === 'open' || activity === 'close')
          noteMailbox(wallet.db, { live: activity === 'open' }).catch(ports.onFailure);
        runUnattended();
      },
    });

  return {
    wake: async (reason) => {
      const comesIntoView = reason === 'visible' && !visible;
      if (reason === 'visible') visible = true;
      hurry ||= comesIntoView || reason === 'online' || reason === 'sync';
      // Text on its way out needs no look into the mailbox while the live socket brings what comes in.
      if (reason !== 'enqueued' || link?.live !== true) wantMail ||= reason !== 'timer';
      await run();
      return allDone;
    },
    hidden: () => {
      visible = false;
      hiddenAt = ports.clock.now();
      ports.setTimer(() => {
        if (!visible && ports.clock.now() - hiddenAt >= GRACE_MS) link?.release();
      }, GRACE_MS);
    },
  };
}

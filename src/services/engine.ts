import { backoffMs, LONGEST_WAIT_MS } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { waitForAll } from '../lib/promises.ts';
import type { HttpTransport } from '../transport/http.ts';
import type { ConnectLive } from '../transport/websocket.ts';
import { processInbox } from './inbox.ts';
import type { LiveLink } from './live.ts';
import type { MediationPorts } from './control.ts';
import { ensureMediation } from './mediation.ts';
import { leavingMediators, requestedMediator, type ReadyMediator } from './mediators.ts';
import { drainMailbox, type PickupPorts } from './pickup.ts';
import type { FetchPorts } from './fetch-codes.ts';
import { PUSH_DUE } from './push-settings.ts';
import type { BrowserPush } from './push-subscription.ts';
import { reportBudget } from './report-budget.ts';
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
  readonly push: BrowserPush;
  readonly ownOrigin: string;
  /** Addresses to keep in reserve, for codes that are made without a network. */
  readonly spares: number;
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

export type WakeReason =
  'visible' | 'online' | 'enqueued' | 'sync' | 'periodic' | 'push' | 'resubscribe' | 'timer';

export interface Engine {
  /**
   * Does everything that is due.
   * @returns whether all is done: false when something waits for another try
   */
  readonly wake: (reason: WakeReason) => Promise<boolean>;
  /** No page is visible any more: the live socket goes. */
  hidden(): void;
}

/** All that a pass works with. */
type Network = Wallet & MediationPorts & PickupPorts & Pick<EnginePorts, 'push'>;

const mayPush = ({ wsUrl, noLive }: ReadyMediator): boolean => wsUrl !== undefined && !noLive;

/** How often a mailbox that pushes nothing is asked. */
const POLL_MS = 5_000;
/** How long the socket outlives the last visible page. */
const GRACE_MS = 30_000;
/** After so many failures in a row the wait grows no more: about half a minute. */
const MAX_FAILURES = 6;

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
  let timesHidden = 0;
  let polling = false;
  let failures = 0;
  let link: LiveLink | undefined;

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
    } catch (error) {
      // Whatever the pass was about is still there, and so is the mail that it may have been fetching.
      wantMail = true;
      later(patience());
      throw error;
    } finally {
      running = undefined;
    }
  }

  /** How long to wait after one more failure. */
  const patience = (): number => {
    failures = Math.min(failures + 1, MAX_FAILURES);
    return backoffMs(failures, Math.random());
  };

  const runUnattended = (): void => {
    run().catch(ports.onFailure);
  };

  /** One timer at a time: the earliest wins. */
  let timerAt = Infinity;
  const later = (ms: number): void => {
    const at = ports.clock.now() + ms;
    // A timer that should have fired by now is one that the clock was put past.
    if (timerAt <= at && timerAt > ports.clock.now()) return;
    timerAt = at;
    ports.setTimer(() => {
      timerAt = Infinity;
      runUnattended();
    }, ms);
  };

  async function pass(): Promise<void> {
    const startedAt = ports.clock.now();
    const wallet = await ports.open();
    allDone = !wallet;
    if (!wallet) return;
    const network: Network = {
      ...ports,
      ...wallet,
      unattended: (work) => {
        work.catch(ports.onFailure);
      },
    };
    const mediation = await ensureMediation(network);
    if (mediation.kind !== 'ready') {
      await noteMailbox(wallet.db, { error: mediation.kind, live: false });
      await openLinks(network);
      await ports.askForSync();
      later(patience());
      return;
    }
    const { mediator } = mediation;
    const leaving = await leavingMediators(wallet);
    if (visible) {
      link ??= await linkFor(wallet);
      await link.hold(mediator);
    }
    // [Note: Backlog before live]
    if (wantMail) link?.dropFrames();
    else wantMail = (await link?.takeFrames(mediator)) ?? false;
    await showInOrder(network, leaving);
    await dropDelays(wallet);
    const sendDue = async (): Promise<void> => {
      if ((await wallet.db.jobs.count()) > 0) {
        const { runRecipientUpdates } = await import('./recipient-updates.ts');
        await runRecipientUpdates(network, [mediator, ...leaving]);
      }
      if ((await wallet.db.outbox.count()) > 0)
        await (await import('./outbox-flush.ts')).flushOutbox(network);
      if ((await wallet.db.linkJobs.count()) > 0)
        await (await import('./link-updates.ts')).runLinkUpdates(network, mediator);
    };
    // Both at once: a mailbox of theirs that hangs must not hold up what lies in ours.
    await waitForAll([
      sendDue(),
      wantMail ? fetchAll(network, mediator, leaving) : undefined,
      openLinks(network),
    ]);
    // What that mail asked for: addresses to register, replies.
    await sendDue();
    // Once the mailbox is another one, that is for the next pass.
    if (!again && (await wallet.db.settings.get(PUSH_DUE)))
      await (await import('./push-subscription.ts')).followPush(network, mediator, leaving);
    await planNext(wallet, startedAt);
    // Where nothing is pushed, it is asked for, as long as somebody looks.
    if (visible && !polling && (leaving.length > 0 || !mayPush(mediator))) {
      polling = true;
      ports.setTimer(() => {
        polling = false;
        wantMail ||= visible;
        if (visible) runUnattended();
      }, POLL_MS);
    }
  }

  /** Links that were opened and whose content lies elsewhere. */
  async function openLinks(network: FetchPorts): Promise<void> {
    if ((await network.db.intents.where('fetch').equals('asked').count()) === 0) return;
    const { fetchCodes } = await import('./fetch-codes.ts');
    if (await fetchCodes(network)) later(patience());
  }

  async function fetchAll(
    network: Network,
    mediator: ReadyMediator,
    leaving: readonly ReadyMediator[],
  ): Promise<void> {
    try {
      await fetchMail(network, mediator, leaving);
      if (leaving.length > 0) {
        const { followMoves } = await import('./mailbox-move.ts');
        await followMoves(network, mediator, leaving, () => show(network));
      }
    } finally {
      // The way out of a mailbox with which something is wrong.
      if (await requestedMediator(network)) await changeMailbox(network);
    }
  }

  /** The person chose another mailbox; until that one grants, nothing changes. */
  async function changeMailbox(network: Network): Promise<void> {
    const { setUpMailbox } = await import('./mailbox-set-up.ts');
    const outcome = await setUpMailbox(network);
    await noteMailbox(network.db, { moveError: outcome.kind === 'ready' ? 'none' : outcome.kind });
    if (outcome.kind === 'unreachable') later(patience());
    if (outcome.kind !== 'ready') return;
    wantMail = true;
    again = true;
  }

  async function fetchMail(
    wallet: Network,
    mediator: ReadyMediator,
    leaving: readonly ReadyMediator[],
  ): Promise<void> {
    wantMail = false;
    const onStored = (): Promise<void> => showInOrder(wallet, leaving);
    const outcome = await drainMailbox(wallet, mediator, onStored);
    await onStored();
    if (outcome.kind === 'more') {
      wantMail = true;
      again = true;
      return;
    }
    if (outcome.kind === 'drained') {
      failures = 0;
      await noteMailbox(wallet.db, { fetchedAt: ports.clock.now(), error: 'none' });
      const { forgetExpired, keepSpares } = await import('./housekeeping.ts');
      await forgetExpired(wallet);
      await keepSpares(wallet, mediator.routingDid, ports.spares);
      return;
    }
    wantMail = true;
    await noteMailbox(wallet.db, { error: outcome.kind });
    await ports.askForSync();
    later((outcome.kind === 'unreachable' ? outcome.retryAfterMs : undefined) ?? patience());
  }

  /**
   * The network seems to be back, or somebody is looking: what waits for its next try is due now. So is what
   * would wait longer than anything does: that was planned before the clock was put back.
   */
  async function dropDelays({ db }: Wallet): Promise<void> {
    const above = hurry ? 0 : ports.clock.now() + LONGEST_WAIT_MS;
    hurry = false;
    await db.jobs.where('nextAt').above(above).modify({ nextAt: 0 });
    await db.outbox.where('nextAt').above(above).modify({ nextAt: 0 });
    await db.linkJobs.where('nextAt').above(above).modify({ nextAt: 0 });
  }

  async function showInOrder(network: Network, leaving: readonly ReadyMediator[]): Promise<void> {
    if (leaving.length > 0) await (await import('./mailbox-move.ts')).fetchOlder(network, leaving);
    await show(network);
  }

  async function show(wallet: Wallet): Promise<void> {
    const count = await processInbox(wallet, reports);
    if ((await wallet.db.receipts.count()) > 0)
      await (await import('./receipts.ts')).confirmReceived(wallet);
    // A browser that shows no notice now must not keep the mail from being handled.
    if (count > 0) await ports.notices.newTexts(wallet, count).catch(ports.onFailure);
  }

  /** What must wait comes back by a timer while this worker lives, and by a sync event when it does not. */
  async function planNext({ db }: Wallet, passStartedAt: number): Promise<void> {
    const timed = [db.outbox, db.jobs, db.linkJobs];
    const counts = await Promise.all([
      ...timed.map((table) => table.count()),
      db.intents.where('fetch').equals('asked').count(),
    ]);
    const waiting = counts.some((count) => count > 0);
    allDone = !waiting && !wantMail;
    if (!waiting) return;
    await ports.askForSync();
    // What was due before had its turn in this pass; if it is still here, something else is in its way.
    const rows = await Promise.all(
      timed.map((table) => table.where('nextAt').above(passStartedAt).first()),
    );
    const next = Math.min(...rows.map((row) => row?.nextAt ?? Infinity));
    if (next < Infinity) later(Math.max(100, next - ports.clock.now()));
  }

  const linkFor = async (wallet: Wallet): Promise<LiveLink> =>
    (await import('./live.ts')).liveLink({
      ...wallet,
      connectLive: ports.connectLive,
      setTimer: ports.setTimer,
      onActivity: (activity) => {
        if (activity === 'open' || activity === 'behind') wantMail = true;
        if (activity === 'open' || activity === 'close')
          noteMailbox(wallet.db, { live: activity === 'open' }).catch(ports.onFailure);
        runUnattended();
      },
    });

  return {
    wake: async (reason) => {
      const comesIntoView = reason === 'visible' && !visible;
      if (reason === 'visible') visible = true;
      if (reason === 'resubscribe')
        await (await ports.open())?.db.settings.put({ id: PUSH_DUE, value: Math.random() });
      hurry ||= comesIntoView || reason === 'online' || reason === 'sync';
      // Text on its way out needs no look into the mailbox while the live socket brings what comes in.
      if (reason !== 'enqueued' || link?.live !== true) wantMail ||= reason !== 'timer';
      await run();
      return allDone;
    },
    hidden: () => {
      visible = false;
      timesHidden += 1;
      const mine = timesHidden;
      ports.setTimer(() => {
        if (!visible && mine === timesHidden) link?.release();
      }, GRACE_MS);
    },
  };
}

import type { CDPSession, Page } from '@playwright/test';

/** Makes the browser send the service worker what the system would send it, page open or not. */
export interface WorkerEvents {
  /** A Background Sync event; the browser sends none while offline. */
  dispatchSync(tag: string, lastChance?: boolean): Promise<unknown>;
  dispatchPeriodicSync(tag: string): Promise<unknown>;
  deliverPush(data?: string): Promise<unknown>;
  /** Ends every running worker, as the browser does when it likes; the next event starts it anew. */
  stopAllWorkers(): Promise<unknown>;
  /** Whether the active worker runs now; it sleeps until an event wakes it. */
  readonly running: boolean;
}

/** How the service worker asks the browser to repeat a sync event: by failing it. */
const TRY_AGAIN = 'not everything could be sent yet';

interface Registration {
  readonly registrationId: string;
  readonly scopeURL: string;
  readonly isDeleted: boolean;
}

interface Version {
  readonly scriptURL: string;
  readonly status: string;
  readonly runningStatus: string;
}

/**
 * @param control a page that stays open; it need not be one of `origin`
 * @param onUncaught told of errors that nothing in a worker caught
 */
export async function workerEvents(
  control: Page,
  origin: string,
  onUncaught: (message: string) => void,
): Promise<WorkerEvents> {
  const session: CDPSession = await control.context().newCDPSession(control);
  const known = new Map<string, string>();
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    for (const { scopeURL, registrationId, isDeleted } of registrations as Registration[]) {
      if (isDeleted) known.delete(scopeURL);
      else known.set(scopeURL, registrationId);
    }
  });
  let running = false;
  session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    for (const { scriptURL, status, runningStatus } of versions as Version[])
      if (scriptURL.startsWith(`${origin}/`) && status === 'activated')
        running = runningStatus === 'running';
  });
  session.on('ServiceWorker.workerErrorReported', ({ errorMessage: { errorMessage } }) => {
    if (errorMessage.startsWith('Uncaught') && !errorMessage.endsWith(TRY_AGAIN))
      onUncaught(errorMessage);
  });
  await session.send('ServiceWorker.enable');

  const registration = (): { origin: string; registrationId: string } => {
    const registrationId = known.get(`${origin}/`);
    if (registrationId === undefined) throw new Error(`${origin} has no service worker yet`);
    return { origin, registrationId };
  };
  return {
    dispatchSync: (tag, lastChance = false) =>
      session.send('ServiceWorker.dispatchSyncEvent', { ...registration(), tag, lastChance }),
    dispatchPeriodicSync: (tag) =>
      session.send('ServiceWorker.dispatchPeriodicSyncEvent', { ...registration(), tag }),
    deliverPush: (data = '') =>
      session.send('ServiceWorker.deliverPushMessage', { ...registration(), data }),
    stopAllWorkers: () => session.send('ServiceWorker.stopAllWorkers'),
    get running() {
      return running;
    },
  };
}

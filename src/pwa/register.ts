import { SKIP_WAITING } from './messages.ts';
import { scriptUrl } from './trusted-types.ts';

const CHECK_EVERY_MS = 60 * 60 * 1000;

export interface ShellOptions {
  /** `/sw-compat.js` where Web Crypto lacks the curves. */
  readonly script: '/sw.js' | '/sw-compat.js';
  /**
   * A new version is installed and waits. `apply` lets it take over and reloads this page once;
   * call it only after the person asked. Called again when a still newer version waits.
   */
  readonly onUpdateWaiting: (apply: () => void) => void;
}

export type ShellRegistration =
  | { readonly kind: 'registered'; readonly registration: ServiceWorkerRegistration }
  | { readonly kind: 'unsupported' }
  /** The browser holds the origin for insecure: its certificate is not trusted, or nothing is kept for it. */
  | { readonly kind: 'insecure' }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Registers the service worker and watches for new versions: hourly, and whenever the page becomes
 * visible.
 */
export async function registerShell({
  script,
  onUpdateWaiting,
}: ShellOptions): Promise<ShellRegistration> {
  if (!('serviceWorker' in navigator)) return { kind: 'unsupported' };
  let registration: ServiceWorkerRegistration;
  try {
    registration = await register(script);
  } catch (error) {
    return error instanceof DOMException && error.name === 'SecurityError'
      ? { kind: 'insecure' }
      : { kind: 'failed', error };
  }
  const apply = reloadingApply(registration);
  const offer = () => {
    // Without a controller the installed worker is the first one: nothing to update.
    if (registration.waiting && navigator.serviceWorker.controller) onUpdateWaiting(apply);
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
  offer();
  checkForUpdates(registration);
  return { kind: 'registered', registration };
}

/** The development server serves the worker as a module; the build makes a classic script of it. */
const register = (script: string): Promise<ServiceWorkerRegistration> =>
  import.meta.env.DEV
    ? navigator.serviceWorker.register(scriptUrl('/dev-sw.js?dev-sw'), { type: 'module' })
    : navigator.serviceWorker.register(scriptUrl(script), { updateViaCache: 'none' });

function reloadingApply(registration: ServiceWorkerRegistration): () => void {
  let asked = false;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first visit gets its controller this way too; only a page whose person asked reloads, and
    // once.
    if (!asked) return;
    asked = false;
    location.reload();
  });
  return () => {
    asked = true;
    if (registration.waiting) registration.waiting.postMessage(SKIP_WAITING);
    else location.reload(); // another window let it take over already
  };
}

function checkForUpdates(registration: ServiceWorkerRegistration): void {
  let lastCheckAt = Date.now();
  const check = () => {
    lastCheckAt = Date.now();
    // Offline, or the server is away: the next check asks again.
    registration.update().then(undefined, () => (lastCheckAt = 0));
  };
  setInterval(check, CHECK_EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && Date.now() - lastCheckAt > 60_000) check();
  });
}

import { keepArrivedText } from './actions.ts';
import { useSession } from './session.ts';

/** Holds a link that came in before there is a wallet to seal it in. */
const WAITING_KEY = 'parley-arrived';
/** A link that came in before there was a wallet, as long as it waits for one. */
export const arrivedLink = (): string | undefined =>
  sessionStorage.getItem(WAITING_KEY) ?? undefined;

const INVITATION_PARAMETERS = ['_oob', 'oob', '_oobid', 'c_i', 'd_m'];

/**
 * Takes an invitation out of the address bar: links to `/i`, `_oob` on any path, and what the system
 * opens Parley with. It waits in the session until the wallet is open, then becomes an intent; so it
 * survives reloads and onboarding, and is not left to be read over a shoulder.
 */
export function takeArrivedLink(): void {
  const text = linkIn(new URL(location.href));
  if (text !== undefined) {
    sessionStorage.setItem(WAITING_KEY, text);
    history.replaceState(history.state, '', '/');
  }
  if (arrivedLink() === undefined) return;
  const keep = (): boolean => {
    const waiting = arrivedLink();
    if (waiting === undefined || useSession.getState().kind !== 'ready') return false;
    // Let go of only when it is stored: the code for that has to be fetched, which a network can fail.
    keepArrivedText(waiting).then(() => sessionStorage.removeItem(WAITING_KEY), reportError);
    return true;
  };
  if (keep()) return;
  const stop = useSession.subscribe(() => {
    if (keep()) stop();
  });
}

function linkIn(url: URL): string | undefined {
  if (url.pathname === '/open') return url.searchParams.get('u') || undefined;
  const named = INVITATION_PARAMETERS.some((name) => url.searchParams.has(name));
  const isLink = url.pathname === '/i' && (url.search !== '' || url.hash !== '');
  return named || isLink || /^#(_oob|oob)=/.test(url.hash) ? url.href : undefined;
}

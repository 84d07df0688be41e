import { createRoot } from 'react-dom/client';
import { navigate } from 'wouter/use-browser-location';
import { ensureCurves } from './pwa/curves.ts';
import { registerShell } from './pwa/register.ts';
import { warmUp } from './pwa/warm-up.ts';
import { takeArrivedLink } from './state/arrived-link.ts';
import { keepBadge } from './state/badge.ts';
import { announcePresence, askForPeriodicSync, listenToWorker } from './state/presence.ts';
import { boot, failed } from './state/session.ts';
import { setInstallPrompt, setUpdateReady, type InstallPrompt } from './state/view.ts';
import { App } from './ui/App.tsx';
import { readerWasmUrl } from './ui/scanner/assets.ts';

// Opens the wallet, registers the service worker, renders.

const curves = ensureCurves();
const booted = curves.then(boot);

async function registerWorker(): Promise<void> {
  const script = (await curves) === 'native' ? '/sw.js' : '/sw-compat.js';
  const shell = await registerShell({ script, onUpdateWaiting: setUpdateReady });
  if (shell.kind === 'insecure') {
    // A person who went past the browser's warning would wait for ever: only the worker sends.
    await booted;
    failed('insecure');
    return;
  }
  if (shell.kind !== 'registered') return;
  await askForPeriodicSync(shell.registration);
  await warmUp([readerWasmUrl]);
}

takeArrivedLink();
booted.catch(reportError);
keepBadge();
if ('serviceWorker' in navigator) {
  listenToWorker({
    openChats: (contactId) => navigate(contactId === undefined ? '/chats' : `/chats/${contactId}`),
    // The worker is of another build: a reload brings the page that belongs to it.
    versionMismatch: () => setUpdateReady(() => location.reload()),
  });
  announcePresence();
  registerWorker().catch(reportError);
}

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  setInstallPrompt(event as Event & InstallPrompt);
});
addEventListener('appinstalled', () => setInstallPrompt(undefined));

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);

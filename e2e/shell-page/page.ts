import { registerShell } from '../../src/pwa/register.ts';
import { warmUp } from '../../src/pwa/warm-up.ts';
import { readerWasmUrl } from '../../src/ui/scanner/assets.ts';

// The app shell alone on a page, with what it does as text.
declare const __BUILD__: string;

const on = (id: string) => document.getElementById(id)!;
const show = (id: string, text: string) => (on(id).textContent = text);

const loads = Number(sessionStorage.getItem('loads') ?? '0') + 1;
sessionStorage.setItem('loads', String(loads));
show('loads', String(loads));
show('build', __BUILD__);

on('fetch').addEventListener('click', () => {
  void fetch(readerWasmUrl).then(
    (response) => show('wasm', String(response.status)),
    () => show('wasm', 'unreachable'),
  );
});

const shell = await registerShell({
  script: '/sw.js',
  onUpdateWaiting: (apply) => {
    on('update').hidden = false;
    on('update').addEventListener('click', apply, { once: true });
  },
});
show('shell', shell.kind);
await navigator.serviceWorker.ready;
show('warm', (await warmUp([readerWasmUrl])).kind);

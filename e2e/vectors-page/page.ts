import { registerShell } from '../../src/pwa/register.ts';
import { vectorChecks } from '../../src/testing/vector-checks/all.ts';
import { reportOn } from '../../src/testing/vector-checks/check.ts';

// Every vector, here and in the service worker, with both reports as text.
const show = (id: 'page' | 'worker', text: string) =>
  (document.getElementById(id)!.textContent = text);

show('page', await reportOn(vectorChecks));

await registerShell({ script: '/sw.js', onUpdateWaiting: () => undefined });
const { active } = await navigator.serviceWorker.ready;
const { port1, port2 } = new MessageChannel();
port1.onmessage = ({ data }: MessageEvent<string>) => show('worker', data);
active?.postMessage('run', [port2]);

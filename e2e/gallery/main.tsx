import { createRoot } from 'react-dom/client';
import {
  setInstallPrompt,
  setInvitationId,
  setMailboxCode,
  setUpdateReady,
  show,
} from '../../src/state/view.ts';
import { App } from '../../src/ui/App.tsx';
import { scene } from './scenes.ts';

if (scene.invitation) setInvitationId(scene.invitation.id);
if (scene.installable) setInstallPrompt({ prompt: () => Promise.resolve() });
if (scene.updateReady) setUpdateReady(() => undefined);
if (scene.mailboxCode !== undefined) setMailboxCode(scene.mailboxCode);
if (scene.toast) show(scene.toast.text, scene.toast);

createRoot(document.getElementById('root')!).render(<App />);

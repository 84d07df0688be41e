import type { LiveInvitationView } from '../../../src/state/views.ts';
import { asking, HOUR, longName, now } from '../people.ts';
import { usualBut, type Scene } from '../scene.ts';

const url = `https://parley.example.org/i?_oob=${'eyJ0eXBlIjoiaHR0cHM6Ly9kaWRjb21tLm9yZy9vdXQtb2YtYmFuZC8yLjAvaW52aXRhdGlvbiJ9'.repeat(11).slice(0, 815)}`;

const live: LiveInvitationView = {
  kind: 'live',
  id: 'inv',
  longUrl: url,
  shortUrl: 'https://parley.example.org/i#q7Vd1nK0tYz8sWm3xP5bCeR2uHj6LaGf9iOoEyTk4Ns',
  short: 'ready',
  shared: false,
  answers: 0,
  expiresAt: now + 23 * HOUR,
  autoAccept: true,
};

export const codeScenes = {
  invite: usualBut({ path: '/invite', invitation: live }),
  'invite-manual': usualBut({ path: '/invite', invitation: { ...live, autoAccept: false } }),
  'invite-long': usualBut({ path: '/invite', invitation: { ...live, short: 'none' } }),
  'invite-offline': usualBut({
    path: '/invite',
    online: false,
    invitation: { ...live, short: 'none' },
  }),
  'invite-shared': usualBut({
    path: '/invite',
    invitation: { ...live, shared: true, autoAccept: false, answers: 3 },
    openCodes: [
      { id: 'inv', shared: true, expiresAt: now + 160 * HOUR, answers: 3 },
      { id: 'two', shared: false, expiresAt: now + 11 * HOUR, answers: 0 },
      { id: 'three', shared: true, expiresAt: now + 80 * HOUR, answers: 1 },
    ],
  }),
  'invite-no-spare': usualBut({
    path: '/invite',
    online: false,
    invitation: { kind: 'preparing', id: 'inv', autoAccept: true },
    openCodes: [],
  }),
  'invite-preparing': usualBut({
    path: '/invite',
    invitation: { kind: 'preparing', id: 'inv', autoAccept: true },
  }),
  'invite-expired': usualBut({ path: '/invite', invitation: { kind: 'expired', id: 'inv' } }),
  'invite-asking': usualBut({
    path: '/invite',
    invitation: { kind: 'answered', id: 'inv', contact: asking },
  }),
  'invite-no-mailbox': usualBut({
    path: '/invite',
    mailbox: { kind: 'none', lastError: 'offline' },
    online: false,
  }),
  scan: usualBut({ path: '/scan' }),
  'scan-denied': usualBut({ path: '/scan', camera: 'denied' }),
  'scan-failed': usualBut({ path: '/scan', camera: 'failed' }),
  'scan-fault': usualBut({ path: '/scan', code: { kind: 'unsupported', what: 'older-wallet' } }),
  connect: usualBut({ path: '/connect/i1' }),
  'connect-offline': usualBut({ path: '/connect/i1', online: false }),
  'connect-bare': usualBut({
    path: '/connect/i1',
    intent: {
      kind: 'preview',
      preview: {
        intentId: 'i1',
        name: longName,
        goal: undefined,
        mailboxHost: undefined,
        expiresAt: undefined,
      },
    },
  }),
  'connect-fault': usualBut({
    path: '/connect/i1',
    intent: { kind: 'fault', fault: { kind: 'expired' } },
  }),
  'connect-elsewhere': usualBut({
    path: '/connect/i1',
    intent: { kind: 'elsewhere', host: 'wallet.example.net' },
  }),
  'connect-opening': usualBut({
    path: '/connect/i1',
    online: false,
    intent: { kind: 'opening', host: 'parley.example.org' },
  }),
  'connect-loading': usualBut({ path: '/connect/i1', intent: { kind: 'loading' } }),
} satisfies Record<string, Scene>;

import { ago, HOUR, now } from '../people.ts';
import { mailboxInUse, usualBut, type Scene } from '../scene.ts';

export const settingsScenes = {
  credentials: usualBut({ path: '/credentials' }),
  settings: usualBut({ path: '/settings' }),
  profile: usualBut({ path: '/settings/profile' }),
  mailbox: usualBut({ path: '/settings/mailbox' }),
  'mailbox-details': usualBut({ path: '/settings/mailbox' }),
  'mailbox-move-fault': usualBut({ path: '/settings/mailbox' }),
  'mailbox-none': usualBut({
    path: '/settings/mailbox',
    mailbox: { kind: 'none', lastError: 'unreachable' },
  }),
  'mailbox-moving': usualBut({
    path: '/settings/mailbox',
    mailbox: { ...mailboxInUse, moving: { host: 'post.example.net', unreachable: true } },
  }),
  'mailbox-left': usualBut({
    path: '/settings/mailbox',
    mailbox: {
      ...mailboxInUse,
      host: 'post.example.net',
      name: 'Village post office',
      mediation: '2.0',
      pickup: '3.0',
      live: false,
      pushes: false,
      health: 'unreachable',
      moveRefused: 'refused',
      leaving: [{ host: 'parley.example.org', users: 3, untilAt: now + 29 * 24 * HOUR }],
    },
  }),
  'mailbox-offer': usualBut({
    path: '/settings/mailbox',
    mailboxCode: 'https://post.example.net/i',
  }),
  'mailbox-offer-fault': usualBut({
    path: '/settings/mailbox',
    mailboxCode: 'https://post.example.net/i',
    mailboxOffer: { kind: 'in-use' },
  }),
  notifications: usualBut({ path: '/settings/notifications', notifications: 'default' }),
  'notifications-on': usualBut({ path: '/settings/notifications' }),
  'notifications-mailbox': usualBut({
    path: '/settings/notifications',
    notices: { wanted: true, closed: 'no-mailbox-push', names: true },
  }),
  'notifications-denied': usualBut({ path: '/settings/notifications', notifications: 'denied' }),
  storage: usualBut({ path: '/settings/storage' }),
  appearance: usualBut({ path: '/settings/appearance' }),
  diagnostics: usualBut({
    path: '/settings/diagnostics',
    diagnostics: {
      version: '0.1.0',
      outboxWaiting: 2,
      quarantined: [
        { at: ago(3), reason: 'didcomm-v1' },
        { at: ago(40), reason: 'invite' },
      ],
      serviceWorker: 'none',
      keysHeldBy: 'script',
    },
  }),
  about: usualBut({ path: '/settings/about' }),
} satisfies Record<string, Scene>;

import type { NotificationsView } from '../../state/views.ts';

export const settings = {
  heading: 'Settings',
  sections: {
    profile: 'Profile',
    mailbox: 'Mailbox',
    notifications: 'Notifications',
    storage: 'Storage',
    appearance: 'Appearance',
    diagnostics: 'Diagnostics',
    about: 'About',
  },
  choose: 'Choose a section.',
  notifications: { ask: 'Turn on notices', lead: 'A notice says “New message” and nothing more.' },
  storage: {
    lead: 'Your chats live in this browser, on this device, and nowhere else.',
    used: 'Used',
    kept: 'Kept safe',
    yes: 'yes: the browser will not clear it by itself',
    no: 'not yet: the browser may clear it when space is short',
    unknown: 'this browser does not say',
    ask: 'Keep my chats safe',
  },
  appearance: { theme: 'Theme', system: 'Same as the system', light: 'Light', dark: 'Dark' },
  diagnostics: {
    lead: 'For finding faults. Nothing here leaves this device by itself.',
    version: 'Version',
    outbox: 'Messages waiting to leave',
    worker: 'Background worker',
    workerActive: 'active',
    workerNone: 'not running',
    keys: 'Keys in use are held by',
    keysBrowser: 'the browser',
    keysScript: 'Parley itself: this browser lacks newer cryptography (reduced protection)',
    quarantine: 'Refused messages',
    quarantineEmpty: 'None',
  },
  about: {
    lead: 'Parley is a private messenger that opens from a link. Each contact gets an address of its own, and only the two of you can read what you write.',
    version: 'Version',
    licence: 'Free software under the Apache License 2.0.',
    standard: 'It speaks DIDComm 2, an open standard: other wallets can write to you.',
  },
} as const;

export const notifications: Readonly<Record<NotificationsView, string>> = {
  unsupported: 'This browser cannot show notices.',
  default: 'Notices are off.',
  granted: 'Notices are on.',
  denied: 'Notices are blocked. Allow them for this site in the browser’s settings.',
};

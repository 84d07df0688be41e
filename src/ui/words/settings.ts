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
  notifications: {
    notices: 'Tell me of new messages',
    noticesNote: 'While you are not looking at Parley, and while it is closed.',
    names: 'Show who wrote',
    namesNote: 'Whoever sees this screen reads the name, also when it is not you.',
    lead: 'A notice says “New message”, and never what was written. What wakes Parley passes through the push service of your browser, which learns when a message comes for you, and not from whom.',
  },
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

export const notifications = {
  unsupported:
    'This browser cannot show notices. On an iPhone or iPad, add Parley to the Home Screen and open it from there.',
  denied:
    'This browser blocks notices of Parley. To undo that, tap the sign beside the address, or open the settings of the browser for this site, and allow notifications.',
  off: 'Notices are off.',
  /** Asked of the browser, not yet known at the mailbox. */
  waiting: 'Notices are on. Your mailbox hears of it as soon as it can be reached.',
  on: 'Notices are on, also while Parley is closed.',
  'no-mailbox-push':
    'Notices are on while Parley runs. Your mailbox cannot wake it once it is closed; messages then wait until you open it.',
  'no-service':
    'Notices are on while Parley runs. This browser has no push service that could wake it once it is closed; messages then wait until you open it.',
} as const;

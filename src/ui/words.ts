import type {
  BootFailure,
  CodeFault,
  DeliveryState,
  FailureReason,
  MailboxView,
  NotificationsView,
} from '../state/views.ts';

// Every sentence of the screens, in English. Names of controls are interface: tests and assistive technology use them.

export const app = {
  name: 'Parley',
  titles: {
    start: 'Welcome',
    chats: 'Chats',
    chat: 'Chat',
    invite: 'Invite',
    scan: 'Scan',
    connect: 'Connect',
    credentials: 'Credentials',
    settings: 'Settings',
  },
} as const;

export const nav = {
  label: 'Main',
  chats: 'Chats',
  credentials: 'Credentials',
  settings: 'Settings',
  scan: 'Scan',
  invite: 'Invite',
  back: 'Back',
} as const;

export const common = {
  cancel: 'Cancel',
  save: 'Save',
  saved: 'Saved',
  close: 'Close',
  notNow: 'Not now',
  dismiss: 'Dismiss',
  tryAgain: 'Try again',
  startOver: 'Start over',
  loading: 'Loading…',
  offline: 'Offline',
  offlineNote: 'Offline. What you write leaves by itself later.',
  updateReady: 'A new version of Parley is ready.',
  updateNow: 'Update now',
} as const;

export const start = {
  heading: 'Welcome to Parley',
  promise: 'Private messages between two people. Nobody in between can read them.',
  yourName: 'Your name',
  nameNote: 'The people you connect with see this name. You can change it later.',
  nameMissing: 'Type the name that others should see.',
  start: 'Start',
} as const;

export const chats = {
  heading: 'Chats',
  empty: 'No chats yet. Show your code to somebody, or scan theirs.',
  inviteSomeone: 'Invite someone',
  scanACode: 'Scan a code',
  choose: 'Choose a chat, or start one with a code.',
  asking: 'Wants to connect',
  connecting: 'Waiting for an answer',
  noMessages: 'No messages yet',
  you: 'You: {text}',
  unread: '{count} unread',
} as const;

export const chat = {
  log: 'Messages with {name}',
  message: 'Message',
  send: 'Send',
  you: 'You',
  article: '{sender}, {time}',
  incoming: '{name}: {text}',
  options: 'Contact options',
  rename: 'Rename',
  renameHeading: 'Rename this contact',
  renameField: 'Name',
  renameNote: 'Only you see this name.',
  renameNoteClaimed: 'Only you see this name. Leave it empty to use the name they chose: {name}',
  claimed: 'Calls themselves {name}',
  asking: 'They answered your invitation.',
  accept: 'Accept',
  decline: 'Decline',
  connectWith: 'Connect with {name}?',
  whenOnline: 'Will connect when online',
  waitingFor: 'Waiting for {name} to answer',
  noMessages: 'Say hello. Only the two of you can read this.',
  noMessagesConnecting: 'You can write already. Your messages leave as soon as {name} answers.',
  newest: 'Jump to the newest',
  gone: 'This chat is not here any more.',
  today: 'Today',
  yesterday: 'Yesterday',
} as const;

export const delivery: Readonly<Record<DeliveryState, string>> = {
  waiting: 'Waiting',
  sent: 'Sent',
  delivered: 'Delivered',
  failed: 'Failed',
};

export const failures: Readonly<Record<FailureReason, string>> = {
  'no-route': 'There is no way to reach {name}.',
  'not-found': 'Their mailbox does not know {name} any more.',
  'mailbox-full': 'The mailbox of {name} is full.',
  refused: 'The mailbox of {name} refused it.',
};

export const cards = {
  install: 'Keep Parley on your home screen: it opens faster and works without a network.',
  installButton: 'Install',
  notifications: 'Get a notice when a message arrives while Parley is closed.',
  notificationsButton: 'Turn on',
} as const;

export const invite = {
  heading: 'Invite someone',
  lead: 'Let somebody scan this code, or send them the link. It connects one person.',
  qr: 'Invitation QR code',
  fullScreen: 'Show full screen',
  link: 'Invitation link',
  copy: 'Copy link',
  copied: 'Link copied.',
  copyRefused: 'This browser does not let Parley copy. The link is selected: copy it by hand.',
  share: 'Share',
  shareText: 'Connect with me on Parley',
  auto: 'Accept automatically',
  autoNote: 'Whoever uses this code is connected at once.',
  manualNote: 'You will be asked before anyone is connected.',
  preparing: 'Preparing your code…',
  expires: 'Tap the code to enlarge it. It works until {time}.',
  expired: 'This code has expired.',
  renew: 'Make a new code',
  here: '{name} is here.',
  declined: 'Declined. Here is a fresh code.',
  noMailbox: 'Parley has not found a mailbox yet. Your code appears here as soon as it has one.',
  noMailboxOffline: 'You are offline. Go online once, and your code appears here.',
} as const;

export const scan = {
  heading: 'Scan a code',
  lead: 'Point the camera at an invitation.',
  starting: 'Starting the camera…',
  useCamera: 'Use the camera',
  paste: 'Paste a link',
  link: 'Invitation link',
  linkMissing: 'Paste an invitation link first.',
  continue: 'Continue',
  picture: 'Choose a picture',
  denied:
    'Parley may not use the camera. Allow it in the browser’s settings, or paste a link or choose a picture.',
  'no-camera': 'This device has no camera that Parley can use. Paste a link or choose a picture.',
  failed:
    'The camera did not start. Another app may be using it. Paste a link or choose a picture.',
  noCode: 'There is no code in this picture. Try another one.',
  pictureFailed: 'The picture could not be read without a network. Go online once, then try again.',
} as const;

export const connect = {
  heading: 'Connect with {name}?',
  claimed: 'Name as claimed',
  claimedNote: 'Anyone can choose any name. Accept only if you know where this code comes from.',
  goal: 'Purpose',
  mailbox: 'Their mailbox',
  expires: 'Works until',
  accept: 'Accept',
  decline: 'Decline',
  offline: 'You are offline. If you accept now, Parley connects you when you are online again.',
  busy: 'Connecting…',
  faultHeading: 'This code cannot be used',
  noMailbox:
    'Parley has not found a mailbox for you yet, so there is no address to give. Go online once, then accept again.',
} as const;

export const credentials = {
  heading: 'Credentials',
  empty:
    'You have no credentials, and this version of Parley cannot receive any yet. Later, proofs that others give you will be kept here.',
} as const;

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
  mailbox: {
    lead: 'A mailbox keeps messages for you while Parley is closed. It cannot read them.',
    host: 'Mailbox at',
    live: 'Messages arrive',
    liveNow: 'at once, while Parley is open',
    liveLater: 'when Parley asks for them',
    fetched: 'Last asked',
    never: 'not yet',
  },
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

export const boundary = {
  heading: 'This screen stopped',
  note: 'Your chats are safe on this device.',
  code: 'Error code: {code}',
} as const;

export const boot: Readonly<
  Record<BootFailure, { readonly heading: string; readonly note: string }>
> = {
  'unsupported-browser': {
    heading: 'This browser is too old',
    note: 'Parley needs a newer browser to keep your messages private. Update it, or open this page in another one.',
  },
  'storage-unavailable': {
    heading: 'Parley cannot store anything here',
    note: 'The browser refuses storage, perhaps in a private window or because the disk is full. Open Parley in a normal window.',
  },
  'storage-newer': {
    heading: 'A newer Parley was here',
    note: 'Your chats were written by a newer version and are safe. Close all windows of Parley and open it again to update.',
  },
  'storage-lost': {
    heading: 'The browser cleared your chats',
    note: 'The wallet on this device was erased by the browser. Your contacts have to be invited again.',
  },
};

/** The sentence for a code that cannot be used. */
export function faultWords(fault: CodeFault): string {
  switch (fault.kind) {
    case 'not-an-invitation':
      return 'This is not an invitation.';
    case 'unsupported':
      return unsupported[fault.what];
    case 'mailbox':
      return 'This code belongs to a mailbox, not to a person. Ask the person for their own code.';
    case 'malformed':
      return 'This invitation is damaged: its sender cannot be read. Ask for a new one.';
    case 'unreachable':
      return 'This invitation names no address that Parley can write to. Ask for a new one.';
    case 'expired':
      return 'This invitation has expired. Ask for a new one.';
    case 'too-large':
      return 'This is too long to be an invitation.';
    case 'own':
      return 'This is your own invitation. Let somebody else scan it.';
    case 'known':
      return fill('You already know {name}.', { name: fault.name });
  }
}

const unsupported = {
  'older-wallet':
    'This invitation was made by an older kind of wallet, which Parley cannot answer.',
  'short-link': 'This is a short link, which Parley cannot open yet. Ask for the long one.',
  'other-protocol': 'This invitation asks for something that Parley cannot do.',
} as const;

export function noMailboxWords(
  lastError: Extract<MailboxView, { kind: 'none' }>['lastError'],
): string {
  switch (lastError) {
    case undefined:
      return 'Parley is looking for a mailbox.';
    case 'offline':
      return 'No mailbox yet: this device is offline. Parley tries again when you are online.';
    case 'unreachable':
      return 'No mailbox yet: it does not answer. Parley keeps trying.';
    case 'refused':
      return 'No mailbox yet: it refused this device. Parley tries again later.';
  }
}

export const notifications: Readonly<Record<NotificationsView, string>> = {
  unsupported: 'This browser cannot show notices.',
  default: 'Notices are off.',
  granted: 'Notices are on.',
  denied: 'Notices are blocked. Allow them for this site in the browser’s settings.',
};

/** Puts values into the `{places}` of a sentence. */
export const fill = (sentence: string, values: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (place, key: string) => String(values[key] ?? place));

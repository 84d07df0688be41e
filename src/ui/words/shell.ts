import type { BootFailure } from '../../state/views.ts';

// The sentences of the screens, in English: one file for what loads together. Names of controls are interface: tests
// and assistive technology use them.

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
  insecure: {
    heading: 'The browser does not let Parley run here',
    note: 'It does not trust the certificate of this address, or this is a private window. Trust the certificate first, as the page of its set-up says, and open Parley in a normal window.',
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

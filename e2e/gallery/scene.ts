import type { InviterView } from '../../src/state/inviter.ts';
import type {
  BootView,
  ChatRowView,
  CodeOutcome,
  DiagnosticsView,
  IntentView,
  InvitationView,
  MailboxOfferView,
  MailboxView,
  MessageView,
  NoticesView,
  NotificationsView,
  OpenCodeView,
  StorageView,
  WaitingCodeView,
} from '../../src/state/views.ts';
import { ago, fullList, HOUR, message, now, talk, states, many } from './people.ts';

/** One state of one screen: all that it reads. */
export interface Scene {
  readonly path: string;
  readonly boot: BootView;
  readonly inviter: InviterView | undefined;
  readonly online: boolean;
  readonly chats: readonly ChatRowView[] | undefined;
  readonly messages: Readonly<Record<string, readonly MessageView[]>>;
  readonly draft: string | undefined;
  readonly invitation: InvitationView | undefined;
  readonly openCodes: readonly OpenCodeView[];
  readonly waitingCodes: readonly WaitingCodeView[];
  readonly intent: IntentView;
  readonly pendingIntent: string | undefined;
  readonly mailbox: MailboxView | undefined;
  readonly mailboxCode: string | undefined;
  readonly mailboxOffer: MailboxOfferView;
  readonly diagnostics: DiagnosticsView;
  readonly storage: StorageView | undefined;
  readonly notifications: NotificationsView;
  readonly notices: NoticesView;
  readonly code: CodeOutcome;
  readonly camera: 'started' | 'denied' | 'no-camera' | 'failed' | 'never';
  readonly installable: boolean;
  readonly updateReady: boolean;
  readonly toast: { readonly text: string; readonly role: 'status' | 'alert' } | undefined;
  /** A chat whose drawing throws. */
  readonly broken: boolean;
}

const preview: IntentView = {
  kind: 'preview',
  preview: {
    intentId: 'i1',
    name: 'Alice Moreau',
    goal: 'To talk',
    mailboxHost: 'parley.example.org',
    expiresAt: now + 23 * HOUR,
  },
};

export const mailboxInUse: Extract<MailboxView, { kind: 'ready' }> = {
  kind: 'ready',
  host: 'parley.example.org',
  name: undefined,
  live: true,
  pushes: true,
  lastFetchAt: ago(0.2),
  mediatorDid: 'did:web:parley.example.org',
  routingDid:
    'did:peer:2.Ez6LSdV5Vd8z1LgGR2vM8eQ5pY7rXK1nTqJb3cW9uHfA6sZoE.Vz6MkqRYqQiSgvZQdnBytw86Qbs2ZWUkGv22od935YF4s8M7V.SeyJ0IjoiZG0iLCJzIjp7InVyaSI6Imh0dHBzOi8vcGFybGV5LmV4YW1wbGUub3JnIn19',
  mediation: '3.0',
  pickup: '4.0',
  health: 'working',
  moving: undefined,
  moveRefused: undefined,
  leaving: [],
};

export const base: Scene = {
  path: '/chats',
  boot: { kind: 'ready' },
  inviter: undefined,
  online: true,
  chats: fullList,
  messages: {
    alice: talk,
    rtl: states,
    ben: many,
    nina: [],
    wait: [message('Good morning', ago(50), 'waiting')],
    new: [],
    long: talk,
  },
  draft: undefined,
  invitation: undefined,
  openCodes: [{ id: 'inv', shared: false, expiresAt: now + 23 * HOUR, answers: 0 }],
  waitingCodes: [],
  intent: preview,
  pendingIntent: undefined,
  mailbox: mailboxInUse,
  mailboxCode: undefined,
  mailboxOffer: { kind: 'offer', host: 'post.example.net', name: 'Village post office' },
  diagnostics: {
    version: '0.1.0',
    outboxWaiting: 2,
    quarantined: [],
    serviceWorker: 'active',
    keysHeldBy: 'browser',
  },
  storage: { persisted: false, usedBytes: 4_312_000 },
  notifications: 'granted',
  notices: { wanted: true, closed: 'on', names: false },
  code: { kind: 'preview', intentId: 'i1' },
  camera: 'started',
  installable: false,
  updateReady: false,
  toast: undefined,
  broken: false,
};

/** The usual wallet, but for what a scene is about. */
export const usualBut = (change: Partial<Scene>): Scene => ({ ...base, ...change });

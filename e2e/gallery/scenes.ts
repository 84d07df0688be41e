import type { InviterView } from '../../src/state/inviter.ts';
import type {
  BootView,
  ChatRowView,
  CodeOutcome,
  ContactView,
  DiagnosticsView,
  IntentView,
  InvitationView,
  MailboxOfferView,
  LiveInvitationView,
  MailboxView,
  MessageView,
  NoticesView,
  NotificationsView,
  OpenCodeView,
  StorageView,
  WaitingCodeView,
} from '../../src/state/views.ts';

// Every screen in every state, as data. A scene is chosen by `?scene=name`; the address says which screen.

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

const HOUR = 3_600_000;
const now = Date.now();
const ago = (hours: number): number => now - hours * HOUR;

const contact = (
  id: string,
  name: string,
  state: ContactView['state'] = 'connected',
  changed: Partial<ContactView> = {},
): ContactView => ({
  id,
  name,
  claimedName: name,
  state,
  isEnded: !['connected', 'connecting', 'asking'].includes(state),
  isWritable: ['connected', 'connecting'].includes(state),
  muted: false,
  blocked: false,
  verified: undefined,
  agent: false,
  madeAt: ago(300),
  ...changed,
});

const alice = contact('alice', 'Alice Moreau');
const longName = 'Wolfeschlegelsteinhausenbergerdorff Maximiliana-Konstantina III.';

let counter = 0;
function message(text: string, at: number, own?: MessageView['delivery']): MessageView {
  counter += 1;
  return {
    id: `m${counter}`,
    mine: own !== undefined,
    text,
    at,
    delivery: own,
    failure: own === 'failed' ? 'mailbox-full' : undefined,
  };
}

const row = (who: ContactView, last: MessageView | undefined, unread = 0): ChatRowView => ({
  contact: who,
  last,
  at: last?.at ?? ago(200),
  unread,
});

const talk: readonly MessageView[] = [
  message('Did you get home all right?', ago(27), 'delivered'),
  message('Yes, just before the rain. Thank you for dinner 🥘', ago(26.9)),
  message('The lemon tart was the best part', ago(26.88)),
  message(
    'I will send you the recipe. It is my grandmother’s, so the measures are “a glass of this, a hand of that”.',
    ago(26.5),
    'delivered',
  ),
  message(
    'Here it is:\n\n1 glass of sugar\n3 lemons\n4 eggs\na hand of butter',
    ago(3.2),
    'delivered',
  ),
  message('Whose hand? 😄', ago(2.1)),
  message(
    'Also: https://example.org/a-very-long-address/that-has-no-place-to-break/0123456789abcdef0123456789abcdef',
    ago(2.05),
  ),
  message('Mine!', ago(1.2), 'sent'),
  message('See you on Sunday', ago(1.19), 'delivered'),
];

const states: readonly MessageView[] = [
  message('שלום! מה שלומך? אני כותב מהרכבת, הקליטה לא תמיד טובה.', ago(5)),
  message('مرحبا، هل نلتقي غدا؟', ago(4.9), 'delivered'),
  message('Ok', ago(4.8)),
  message('This one was too much for the mailbox.', ago(0.4), 'failed'),
  message('This one waits for the network.', ago(0.1), 'waiting'),
  message('So does this.', ago(0.05), 'waiting'),
];

const many: readonly MessageView[] = Array.from({ length: 500 }, (_, index) =>
  message(
    `Message ${index + 1} of five hundred${index % 7 === 0 ? ', with some more words so that its lines wrap now and then' : ''}.`,
    ago((500 - index) / 3),
    index % 3 === 0 ? 'delivered' : undefined,
  ),
);

const fullList: readonly ChatRowView[] = [
  row(contact('nina', 'Nina'), undefined),
  row(alice, talk.at(-1)),
  row(
    contact('ben', 'Benjamin Okafor'),
    message('Are you coming tonight? We start at eight, bring something to drink', ago(2)),
    3,
  ),
  row(contact('rtl', 'יעל כהן'), states[0]),
  row(contact('long', longName), message('Short.', ago(30), 'delivered'), 128),
  row(contact('fail', 'Chiara'), states[3]),
  row(contact('wait', 'Dr. Adebayo', 'connecting'), message('Good morning', ago(50), 'waiting')),
  row(contact('new', 'Ζωή Παπαδοπούλου', 'connecting'), undefined),
];

const service = (state: ContactView['state'], more: Partial<ContactView> = {}): ContactView => ({
  ...contact('service', 'City Library', state),
  agent: true,
  isWritable: false,
  ...more,
});
const unanswered = (endsInHours: number): NonNullable<ContactView['invited']> => ({
  endsAt: now + endsInHours * HOUR,
  otherWayAt: ago(1),
});

const asking = contact('ask', 'Bob Lindqvist', 'asking');

const url = `https://parley.example.org/i?_oob=${'eyJ0eXBlIjoiaHR0cHM6Ly9kaWRjb21tLm9yZy9vdXQtb2YtYmFuZC8yLjAvaW52aXRhdGlvbiJ9'.repeat(11).slice(0, 815)}`;

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

const mailboxInUse: Extract<MailboxView, { kind: 'ready' }> = {
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

const base: Scene = {
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

const with_ = (change: Partial<Scene>): Scene => ({ ...base, ...change });

/** A chat with Alice in another state than the usual one. */
const over = (state: ContactView['state'], changed: Partial<ContactView> = {}): Scene =>
  with_({
    path: '/chats/alice',
    chats: [
      row(contact('alice', 'Alice Moreau', state, changed), talk.at(-1)),
      ...fullList.slice(2),
    ],
  });

export const scenes = {
  start: with_({ path: '/start', boot: { kind: 'new' } }),
  'start-invited': with_({
    path: '/start',
    boot: { kind: 'new' },
    inviter: { name: 'Alice Moreau' },
  }),
  'start-invited-long': with_({
    path: '/start',
    boot: { kind: 'new' },
    inviter: { name: longName },
  }),
  'start-invited-unknown': with_({
    path: '/start',
    boot: { kind: 'new' },
    inviter: { name: undefined },
  }),
  'boot-insecure': with_({ boot: { kind: 'failed', code: 'insecure' } }),
  'boot-failed': with_({ boot: { kind: 'failed', code: 'storage-newer' } }),
  chats: with_({}),
  'chats-twins': with_({
    chats: [
      row(contact('a1', 'Alex'), undefined),
      row(contact('a4', 'alex', 'connected', { muted: true, madeAt: ago(2) }), talk[1], 4),
      ...fullList.slice(2),
    ],
  }),
  'chats-asking': with_({ chats: [row(asking, undefined), ...fullList] }),
  'chats-empty': with_({ chats: [] }),
  'chats-loading': with_({ chats: undefined }),
  'chats-offline': with_({ online: false }),
  'chats-links': with_({
    online: false,
    waitingCodes: [
      { intentId: 'i1', opened: false },
      { intentId: 'i2', opened: true },
    ],
  }),
  'chats-update': with_({ updateReady: true }),
  'chats-many': with_({
    chats: Array.from({ length: 500 }, (_, index) =>
      row(contact(`c${index}`, `Contact ${index + 1}`), message('Hello', ago(index * 3))),
    ),
  }),
  chat: with_({ path: '/chats/alice' }),
  'chat-empty': with_({ path: '/chats/nina' }),
  'chat-states': with_({ path: '/chats/rtl', online: false }),
  'chat-500': with_({ path: '/chats/ben' }),
  'chat-long-name': with_({
    path: '/chats/long',
    draft:
      'A draft that was\nleft here\nlast night, and which is long enough to wrap over a line or two on a phone',
  }),
  'chat-asking': with_({ path: '/chats/ask', chats: [row(asking, undefined), ...fullList] }),
  'chat-connecting': with_({ path: '/chats/new' }),
  'chat-connecting-offline': with_({ path: '/chats/wait', online: false }),
  'chat-service': with_({ path: '/chats/service', chats: [row(service('connected'), undefined)] }),
  'chat-service-overdue': with_({
    path: '/chats/service',
    chats: [row(service('connecting', { invited: unanswered(1) }), undefined)],
  }),
  'chat-service-expired': with_({
    path: '/chats/service',
    chats: [row(service('connecting', { invited: unanswered(-1) }), undefined)],
  }),
  'chat-install': with_({ path: '/chats/alice', installable: true }),
  'chat-notify': with_({ path: '/chats/alice', notifications: 'default' }),
  'chat-reported': with_({
    path: '/chats/alice',
    messages: {
      alice: [
        { ...message('', ago(2)), expired: true },
        {
          ...message('Look at this', ago(1), 'failed'),
          failure: 'reported',
          report: 'No handler for image/x-unknown',
        },
      ],
    },
  }),
  'chat-ending': over('ending'),
  'chat-ended': over('ended'),
  'chat-untold': over('untold'),
  'chat-left': over('left'),
  'chat-blocked': over('connected', { blocked: true, isWritable: false }),
  'chat-twin': with_({
    path: '/chats/alice',
    chats: [...fullList, row({ ...alice, id: 'other', madeAt: ago(1) }, undefined)],
    toast: { text: 'You have a new address. Alice Moreau is being told.', role: 'status' },
  }),
  'chat-verified': over('connected', { verified: 'yes', muted: true }),
  options: with_({ path: '/chats/alice' }),
  'options-change-my-address': over('connected', { verified: 'yes' }),
  'options-verify': over('connected', { verified: 'before-change' }),
  'options-block': with_({ path: '/chats/alice' }),
  'options-end-relationship': with_({ path: '/chats/alice' }),
  'options-delete-chat': over('ended'),
  'chat-gone': with_({ path: '/chats/nobody' }),
  'chat-broken': with_({ path: '/chats/alice', broken: true }),
  invite: with_({ path: '/invite', invitation: live }),
  'invite-manual': with_({ path: '/invite', invitation: { ...live, autoAccept: false } }),
  'invite-long': with_({ path: '/invite', invitation: { ...live, short: 'none' } }),
  'invite-offline': with_({
    path: '/invite',
    online: false,
    invitation: { ...live, short: 'none' },
  }),
  'invite-shared': with_({
    path: '/invite',
    invitation: { ...live, shared: true, autoAccept: false, answers: 3 },
    openCodes: [
      { id: 'inv', shared: true, expiresAt: now + 160 * HOUR, answers: 3 },
      { id: 'two', shared: false, expiresAt: now + 11 * HOUR, answers: 0 },
      { id: 'three', shared: true, expiresAt: now + 80 * HOUR, answers: 1 },
    ],
  }),
  'invite-no-spare': with_({
    path: '/invite',
    online: false,
    invitation: { kind: 'preparing', id: 'inv', autoAccept: true },
    openCodes: [],
  }),
  'invite-preparing': with_({
    path: '/invite',
    invitation: { kind: 'preparing', id: 'inv', autoAccept: true },
  }),
  'invite-expired': with_({ path: '/invite', invitation: { kind: 'expired', id: 'inv' } }),
  'invite-asking': with_({
    path: '/invite',
    invitation: { kind: 'answered', id: 'inv', contact: asking },
  }),
  'invite-no-mailbox': with_({
    path: '/invite',
    mailbox: { kind: 'none', lastError: 'offline' },
    online: false,
  }),
  scan: with_({ path: '/scan' }),
  'scan-denied': with_({ path: '/scan', camera: 'denied' }),
  'scan-failed': with_({ path: '/scan', camera: 'failed' }),
  'scan-fault': with_({ path: '/scan', code: { kind: 'unsupported', what: 'older-wallet' } }),
  connect: with_({ path: '/connect/i1' }),
  'connect-offline': with_({ path: '/connect/i1', online: false }),
  'connect-bare': with_({
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
  'connect-fault': with_({
    path: '/connect/i1',
    intent: { kind: 'fault', fault: { kind: 'expired' } },
  }),
  'connect-elsewhere': with_({
    path: '/connect/i1',
    intent: { kind: 'elsewhere', host: 'wallet.example.net' },
  }),
  'connect-opening': with_({
    path: '/connect/i1',
    online: false,
    intent: { kind: 'opening', host: 'parley.example.org' },
  }),
  'connect-loading': with_({ path: '/connect/i1', intent: { kind: 'loading' } }),
  credentials: with_({ path: '/credentials' }),
  settings: with_({ path: '/settings' }),
  profile: with_({ path: '/settings/profile' }),
  mailbox: with_({ path: '/settings/mailbox' }),
  'mailbox-details': with_({ path: '/settings/mailbox' }),
  'mailbox-move-fault': with_({ path: '/settings/mailbox' }),
  'mailbox-none': with_({
    path: '/settings/mailbox',
    mailbox: { kind: 'none', lastError: 'unreachable' },
  }),
  'mailbox-moving': with_({
    path: '/settings/mailbox',
    mailbox: { ...mailboxInUse, moving: { host: 'post.example.net', unreachable: true } },
  }),
  'mailbox-left': with_({
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
  'mailbox-offer': with_({ path: '/settings/mailbox', mailboxCode: 'https://post.example.net/i' }),
  'mailbox-offer-fault': with_({
    path: '/settings/mailbox',
    mailboxCode: 'https://post.example.net/i',
    mailboxOffer: { kind: 'in-use' },
  }),
  notifications: with_({ path: '/settings/notifications', notifications: 'default' }),
  'notifications-on': with_({ path: '/settings/notifications' }),
  'notifications-mailbox': with_({
    path: '/settings/notifications',
    notices: { wanted: true, closed: 'no-mailbox-push', names: true },
  }),
  'notifications-denied': with_({ path: '/settings/notifications', notifications: 'denied' }),
  storage: with_({ path: '/settings/storage' }),
  appearance: with_({ path: '/settings/appearance' }),
  diagnostics: with_({
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
  about: with_({ path: '/settings/about' }),
  toast: with_({ toast: { text: 'Link copied.', role: 'status' } }),
  'toast-alert': with_({
    toast: {
      text: 'This browser does not let Parley copy. The link is selected: copy it by hand.',
      role: 'alert',
    },
  }),
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof scenes;

export const isScene = (name: string): name is SceneName => Object.hasOwn(scenes, name);

/** The scene of this page; in Node, where only the list matters, the first one. */
export const scene: Scene = current();

function current(): Scene {
  if (typeof location === 'undefined') return base;
  const name = new URLSearchParams(location.search).get('scene') ?? 'chats';
  if (!isScene(name)) throw new Error(`no scene ${name}`);
  return scenes[name];
}

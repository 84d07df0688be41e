import type { ContactView } from '../../../src/state/views.ts';
import { ago, alice, asking, contact, fullList, HOUR, message, now, row, talk } from '../people.ts';
import { usualBut, type Scene } from '../scene.ts';

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

/** A chat with Alice in another state than the usual one. */
const over = (state: ContactView['state'], changed: Partial<ContactView> = {}): Scene =>
  usualBut({
    path: '/chats/alice',
    chats: [
      row(contact('alice', 'Alice Moreau', state, changed), talk.at(-1)),
      ...fullList.slice(2),
    ],
  });

export const chatScenes = {
  chats: usualBut({}),
  'chats-twins': usualBut({
    chats: [
      row(contact('a1', 'Alex'), undefined),
      row(contact('a4', 'alex', 'connected', { muted: true, madeAt: ago(2) }), talk[1], 4),
      ...fullList.slice(2),
    ],
  }),
  'chats-asking': usualBut({ chats: [row(asking, undefined), ...fullList] }),
  'chats-empty': usualBut({ chats: [] }),
  'chats-loading': usualBut({ chats: undefined }),
  'chats-offline': usualBut({ online: false }),
  'chats-links': usualBut({
    online: false,
    waitingCodes: [
      { intentId: 'i1', opened: false },
      { intentId: 'i2', opened: true },
    ],
  }),
  'chats-update': usualBut({ updateReady: true }),
  'chats-many': usualBut({
    chats: Array.from({ length: 500 }, (_, index) =>
      row(contact(`c${index}`, `Contact ${index + 1}`), message('Hello', ago(index * 3))),
    ),
  }),
  chat: usualBut({ path: '/chats/alice' }),
  'chat-empty': usualBut({ path: '/chats/nina' }),
  'chat-states': usualBut({ path: '/chats/rtl', online: false }),
  'chat-500': usualBut({ path: '/chats/ben' }),
  'chat-long-name': usualBut({
    path: '/chats/long',
    draft:
      'A draft that was\nleft here\nlast night, and which is long enough to wrap over a line or two on a phone',
  }),
  'chat-asking': usualBut({ path: '/chats/ask', chats: [row(asking, undefined), ...fullList] }),
  'chat-connecting': usualBut({ path: '/chats/new' }),
  'chat-connecting-offline': usualBut({ path: '/chats/wait', online: false }),
  'chat-service': usualBut({
    path: '/chats/service',
    chats: [row(service('connected'), undefined)],
  }),
  'chat-service-overdue': usualBut({
    path: '/chats/service',
    chats: [row(service('connecting', { invited: unanswered(1) }), undefined)],
  }),
  'chat-service-expired': usualBut({
    path: '/chats/service',
    chats: [row(service('connecting', { invited: unanswered(-1) }), undefined)],
  }),
  'chat-install': usualBut({ path: '/chats/alice', installable: true }),
  'chat-notify': usualBut({ path: '/chats/alice', notifications: 'default' }),
  'chat-reported': usualBut({
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
  'chat-twin': usualBut({
    path: '/chats/alice',
    chats: [...fullList, row({ ...alice, id: 'other', madeAt: ago(1) }, undefined)],
    toast: { text: 'You have a new address. Alice Moreau is being told.', role: 'status' },
  }),
  'chat-verified': over('connected', { verified: 'yes', muted: true }),
  options: usualBut({ path: '/chats/alice' }),
  'options-change-my-address': over('connected', { verified: 'yes' }),
  'options-verify': over('connected', { verified: 'before-change' }),
  'options-block': usualBut({ path: '/chats/alice' }),
  'options-end-relationship': usualBut({ path: '/chats/alice' }),
  'options-delete-chat': over('ended'),
  'chat-gone': usualBut({ path: '/chats/nobody' }),
  'chat-broken': usualBut({ path: '/chats/alice', broken: true }),
} satisfies Record<string, Scene>;

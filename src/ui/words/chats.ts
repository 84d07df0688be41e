import type { DeliveryState, FailureReason } from '../../state/views.ts';

export const chats = {
  heading: 'Chats',
  empty: 'No chats yet. Show your code to somebody, or scan theirs.',
  inviteSomeone: 'Invite someone',
  scanACode: 'Scan a code',
  choose: 'Choose a chat, or start one with a code.',
  asking: 'Wants to connect',
  connecting: 'Waiting for an answer',
  ended: 'Ended',
  void: 'The code does not work any more',
  blocked: 'Blocked',
  noMessages: 'No messages yet',
  you: 'You: {text}',
  unread: '{count} unread',
  invitation: 'Invitation',
  invitationOpening: 'Opening…',
  invitationOffline: 'Opens when online',
  invitationReady: 'Waits for your answer',
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
  verify: 'Verify',
  move: 'Change my address',
  mute: 'Mute',
  unmute: 'Unmute',
  block: 'Block',
  unblock: 'Unblock',
  unblocked: '{name} can write to you again. What they wrote while blocked is gone.',
  end: 'End relationship',
  remove: 'Delete chat',
  reconnect: 'Reconnect',
  reconnected:
    'You can write to {name} again. If they did end it, what you write comes back as failed.',
  blocked: 'You blocked {name}. What they write is thrown away unread.',
  verified: 'Verified',
  verifiedBefore: 'Verified before the change',
  muted: 'Muted',
  since: 'Known since {time}',
  renameHeading: 'Rename this contact',
  renameField: 'Name',
  renameNote: 'Only you see this name.',
  renameNoteClaimed: 'Only you see this name. Leave it empty to use the name they chose: {name}',
  claimed: 'Calls themselves {name}',
  asking: 'They answered your invitation.',
  whenOnline: 'Will connect when online',
  waitingFor: 'Waiting for {name} to answer',
  otherWay: 'Try another way',
  ended: 'This invitation has expired. Ask {name} for a new one.',
  unmet: {
    unsigned: 'This invitation is not signed by whom it says it is from. Nothing was sent.',
    unusable: 'What {name} publishes about themselves cannot be used. Ask for another invitation.',
  },
  agent: '{name} is a service and does not read messages.',
  textless: 'The app that {name} uses does not take messages.',
  noMessages: 'Say hello. Only the two of you can read this.',
  noMessagesConnecting: 'You can write already. Your messages leave as soon as {name} answers.',
  agentConnected: 'You are connected with {name}.',
  agentConnecting: 'You are not connected with {name} yet.',
  expired: 'This message expired before it arrived.',
  reported: 'They say: {text}',
  newest: 'Jump to the newest',
  gone: 'This chat is not here any more.',
  today: 'Today',
  yesterday: 'Yesterday',
} as const;

export const question = {
  heading: 'Connect with {name}?',
  claimed: 'Name as claimed',
  accept: 'Accept',
  decline: 'Decline',
  busy: 'Connecting…',
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
  login: 'The mailbox of {name} asks for an account of its own; Parley cannot use it.',
  reported: '{name} could not read it.',
  void: 'Not sent: the code of {name} does not work any more.',
  ended: 'Not sent: {name} ended this relationship.',
};

export const cards = {
  install: 'Install Parley: it opens like any other app, and without a network too.',
  installButton: 'Install',
  notifications: 'Get a notice when a message arrives while Parley is closed.',
  notificationsButton: 'Turn on',
} as const;

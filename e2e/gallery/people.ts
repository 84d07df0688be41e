import type { ChatRowView, ContactView, MessageView } from '../../src/state/views.ts';

// Whom the scenes show, and what was written.

export const HOUR = 3_600_000;
export const now = Date.now();
export const ago = (hours: number): number => now - hours * HOUR;

export const contact = (
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

export const alice = contact('alice', 'Alice Moreau');
export const longName = 'Wolfeschlegelsteinhausenbergerdorff Maximiliana-Konstantina III.';

let counter = 0;
export function message(text: string, at: number, own?: MessageView['delivery']): MessageView {
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

export const row = (who: ContactView, last: MessageView | undefined, unread = 0): ChatRowView => ({
  contact: who,
  last,
  at: last?.at ?? ago(200),
  unread,
});

export const talk: readonly MessageView[] = [
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

export const states: readonly MessageView[] = [
  message('שלום! מה שלומך? אני כותב מהרכבת, הקליטה לא תמיד טובה.', ago(5)),
  message('مرحبا، هل نلتقي غدا؟', ago(4.9), 'delivered'),
  message('Ok', ago(4.8)),
  message('This one was too much for the mailbox.', ago(0.4), 'failed'),
  message('This one waits for the network.', ago(0.1), 'waiting'),
  message('So does this.', ago(0.05), 'waiting'),
];

export const many: readonly MessageView[] = Array.from({ length: 500 }, (_, index) =>
  message(
    `Message ${index + 1} of five hundred${index % 7 === 0 ? ', with some more words so that its lines wrap now and then' : ''}.`,
    ago((500 - index) / 3),
    index % 3 === 0 ? 'delivered' : undefined,
  ),
);

export const fullList: readonly ChatRowView[] = [
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

export const asking = contact('ask', 'Bob Lindqvist', 'asking');

import { useEffect, useState, useSyncExternalStore } from 'react';
import { markRead } from '../../../state/actions.ts';
import type { ContactView, MessagesView, MessageView } from '../../../state/views.ts';
import { chat } from '../../words/chats.ts';
import { fill } from '../../words/fill.ts';

/**
 * Marks the chat read while the person can see its end, and gives the words to speak for a message that arrived while
 * the chat is open.
 */
export function useIncoming(
  contact: ContactView,
  view: MessagesView | undefined,
  atEnd: boolean,
): string {
  const newest = view?.messages.findLast(({ mine }) => !mine);
  const watched = useSyncExternalStore(onAttention, hasAttention);
  const seen = watched && atEnd;
  const newestId = newest?.id;

  useEffect(() => {
    if (seen && newestId !== undefined) void markRead(contact.id);
  }, [seen, newestId, contact.id]);

  return useSpoken(contact.name, view !== undefined, newest);
}

/** Empty for what was there when the chat was opened. */
function useSpoken(name: string, loaded: boolean, newest: MessageView | undefined): string {
  const [first, setFirst] = useState<string | null>();
  if (loaded && first === undefined) setFirst(newest?.id ?? null);
  if (!newest || first === undefined || newest.id === first) return '';
  return fill(chat.incoming, { name, text: newest.text });
}

const hasAttention = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

function onAttention(onChange: () => void): () => void {
  const events = ['focus', 'blur', 'visibilitychange'] as const;
  for (const event of events) addEventListener(event, onChange, true);
  return () => {
    for (const event of events) removeEventListener(event, onChange, true);
  };
}

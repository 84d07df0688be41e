import type { ContactPayload } from '../storage/payloads.ts';
import type { ContactRowState } from '../storage/schema.ts';

// What can be told of a contact without code of its own: chats are listed by it at every start.

/** Whether the two may write to each other: a contact that was not let in, or an ended one, hears nothing. */
export const isOpen = (state: ContactRowState): boolean =>
  state === 'connecting' || state === 'connected';

/** What this peer does not understand is not said to it: no text, profile or report (rule I40). */
export const isAgent = ({ peerClass }: Pick<ContactPayload, 'peerClass'>): boolean =>
  peerClass === 'agent';

/** Whether there is a sense in writing: an agent never reads, others disclosed what they speak without it. */
export const readsTexts = ({ peerClass }: Pick<ContactPayload, 'peerClass'>): boolean =>
  peerClass !== 'agent' && peerClass !== 'textless';

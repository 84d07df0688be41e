import type { Draft } from '../../didcomm/router.ts';
import { BasicMessage } from './messages.ts';

/** Created time is a MUST of the protocol; the dispatcher sets it on every message. */
export const draftText = (text: string, lang: string): Draft => ({
  type: BasicMessage.type,
  body: { content: text },
  thread: 'new',
  headers: { lang },
});

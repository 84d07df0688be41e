import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';

/** routing 2.0 (messaging spec, "Routing Protocol 2.0"). What is forwarded is in the attachments. */
export const Forward = message(
  'https://didcomm.org/routing/2.0/forward',
  v.object({ next: v.string() }),
);

/** Most envelopes in one forward (security.md section 7.2). */
export const MAX_FORWARDED = 20;

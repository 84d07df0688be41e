import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';

/** basicmessage 2.0 (didcomm.org/basicmessage/2.0). */
export const BasicMessage = message(
  'https://didcomm.org/basicmessage/2.0/message',
  v.object({ content: v.string() }),
);

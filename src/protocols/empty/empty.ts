import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';
import { on, type Draft } from '../../didcomm/router.ts';

/** empty 1.0 (didcomm.org/empty/1.0): says nothing; its headers do (`from_prior`, `ack`). */
export const Empty = message('https://didcomm.org/empty/1.0/empty', v.object({}));

export const noteEmpty = on<typeof Empty, unknown, unknown>(Empty, () => []);

export const draftEmpty = (headers?: Draft['headers']): Draft => ({
  type: Empty.type,
  body: {},
  thread: 'new',
  ...(headers ? { headers } : {}),
});

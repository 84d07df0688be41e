import { on, type Draft } from '../../didcomm/router.ts';
import { Ping, PingResponse } from './messages.ts';

/** Asks for an answer. */
export const draftPing = (): Draft => ({
  type: Ping.type,
  body: { response_requested: true },
  thread: 'new',
});

/** An answer needs none, and is not unknown either: that it arrived is all it says. */
export const notePingResponses = on<typeof PingResponse, unknown, unknown>(PingResponse, () => []);

import { on } from '../../didcomm/router.ts';
import { PingResponse } from './messages.ts';

/** An answer needs none, and is not unknown either: that it arrived is all it says. */
export const notePingResponses = on<typeof PingResponse, unknown, unknown>(PingResponse, () => []);

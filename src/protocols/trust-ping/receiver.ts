import { on, type Draft } from '../../didcomm/router.ts';
import { Ping, PingResponse } from './messages.ts';

export const answerPings = on<typeof Ping, unknown, unknown>(Ping, ({ body }) =>
  body.response_requested ? [pingResponse] : [],
);

const pingResponse: Draft = { type: PingResponse.type, body: {}, thread: 'same' };

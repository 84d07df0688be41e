import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';

/** trust-ping 2.0 (messaging spec, "Trust Ping Protocol 2.0"). */
export const Ping = message(
  'https://didcomm.org/trust-ping/2.0/ping',
  v.object({ response_requested: v.nullish(v.boolean(), true) }),
);
export const PingResponse = message(
  'https://didcomm.org/trust-ping/2.0/ping-response',
  v.object({}),
);

import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';

/** messagepickup 3.0 (didcomm.org/messagepickup/3.0). */
const uri = <const N extends string>(name: N) =>
  `https://didcomm.org/messagepickup/3.0/${name}` as const;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A page holds at most 100 messages; a longer list of ids is no answer to one. */
const MAX_IDS = 1_000;

export const StatusRequest = message(
  uri('status-request'),
  v.object({ recipient_did: v.optional(v.string()) }),
);

export const Status = message(
  uri('status'),
  v.object({
    message_count: count,
    recipient_did: v.optional(v.string()),
    longest_waited_seconds: v.optional(count),
    newest_received_time: v.optional(count),
    oldest_received_time: v.optional(count),
    total_bytes: v.optional(count),
    live_delivery: v.optional(v.boolean()),
  }),
);

export const DeliveryRequest = message(
  uri('delivery-request'),
  v.object({
    limit: v.pipe(v.number(), v.integer(), v.minValue(1)),
    recipient_did: v.optional(v.string()),
  }),
);

/** The messages are the attachments; their ids are what `messages-received` names. */
export const Delivery = message(
  uri('delivery'),
  v.object({ recipient_did: v.optional(v.string()) }),
);

export const MessagesReceived = message(
  uri('messages-received'),
  v.object({ message_id_list: v.pipe(v.array(v.string()), v.maxLength(MAX_IDS)) }),
);

export const LiveDeliveryChange = message(
  uri('live-delivery-change'),
  v.object({
    // The conformance suite sends the boolean as text.
    live_delivery: v.union([
      v.boolean(),
      v.pipe(
        v.picklist(['true', 'false']),
        v.transform((text) => text === 'true'),
      ),
    ]),
  }),
);

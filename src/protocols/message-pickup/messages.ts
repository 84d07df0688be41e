import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';
import { pickupUri } from './uris.ts';

/** messagepickup 3.0 (didcomm.org/messagepickup/3.0). */
const uri = <const N extends string>(name: N) => pickupUri('3.0', name);

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A page holds at most 100 messages; a longer list of ids is no answer to one. */
const MAX_IDS = 1_000;

/** Some write null for no address in particular. */
const RecipientDid = v.optional(
  v.pipe(
    v.nullable(v.string()),
    v.transform((did) => did ?? undefined),
  ),
);
const Recipient = v.object({ recipient_did: RecipientDid });

export const StatusRequest = message(uri('status-request'), Recipient);

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
    recipient_did: RecipientDid,
  }),
);

/** The messages are the attachments; their ids are what `messages-received` names. */
export const Delivery = message(uri('delivery'), Recipient);

const ReceivedIds = v.object({
  message_id_list: v.pipe(v.array(v.string()), v.maxLength(MAX_IDS)),
});
export const MessagesReceived = message(uri('messages-received'), ReceivedIds);

const LiveChange = v.object({
  // The conformance suite sends the boolean as text.
  live_delivery: v.union([
    v.boolean(),
    v.pipe(
      v.picklist(['true', 'false']),
      v.transform((text) => text === 'true'),
    ),
  ]),
});
export const LiveDeliveryChange = message(uri('live-delivery-change'), LiveChange);

const uri4 = <const N extends string>(name: N) => pickupUri('4.0', name);

/**
 * message-pickup 4.0 (didcomm.org/message-pickup/4.0): another name for the limit, milliseconds in the status,
 * an empty delivery for an empty mailbox, no answer to `messages-received`, reports of its own type.
 */
export const MessagePickup4 = {
  statusRequest: message(uri4('status-request'), Recipient),
  status: message(
    uri4('status'),
    v.object({
      message_count: count,
      recipient_did: v.optional(v.string()),
      newest_received_time: v.optional(count),
      oldest_received_time: v.optional(count),
      total_bytes: v.optional(count),
      live_delivery: v.optional(v.boolean()),
    }),
  ),
  deliveryRequest: message(
    uri4('delivery-request'),
    v.object({
      message_count_limit: v.pipe(v.number(), v.integer(), v.minValue(1)),
      recipient_did: RecipientDid,
    }),
  ),
  delivery: message(uri4('delivery'), Recipient),
  messagesReceived: message(uri4('messages-received'), ReceivedIds),
  liveDeliveryChange: message(uri4('live-delivery-change'), LiveChange),
  report: message(uri4('problem-report'), v.object({ code: v.string() })),
} as const;

import * as v from 'valibot';
import { fromBase64Url } from '../../lib/base64url.ts';
import { DOC, message } from '../../didcomm/message-type.ts';

// push-notifications-webpush 1.0, a protocol of our own: a wallet tells its mediator where to wake it while it
// is closed, by the Push API of browsers. What is pushed says that there is something, and nothing of it.

/** Uncompressed point of P-256 (RFC 8291 section 3.1), and the secret shared with the browser (section 3.2). */
export const PUSH_KEY_BYTES = 65;
export const PUSH_AUTH_BYTES = 16;

const bytes = (length: number) =>
  v.pipe(
    v.string(),
    v.check((text) => fromBase64Url(text)?.length === length, `not ${length} bytes in base64url`),
  );

/** What a browser's PushSubscription says by `toJSON`, with its time in seconds since the epoch. */
export const PushSubscriptionBody = v.object({
  endpoint: v.pipe(v.string(), v.maxLength(2048)),
  keys: v.object({ p256dh: bytes(PUSH_KEY_BYTES), auth: bytes(PUSH_AUTH_BYTES) }),
  expiration_time: v.nullish(v.pipe(v.number(), v.integer())),
});
export type PushSubscriptionBody = v.InferOutput<typeof PushSubscriptionBody>;

export const PROTOCOL = `${DOC}/push-notifications-webpush/1.0` as const;
const type = <const N extends string>(name: N) => `${PROTOCOL}/${name}` as const;

export const GetVapidKey = message(type('get-vapid-key'), v.object({}));
/** The key that a browser is to bind its subscription to (RFC 8292): base64url of the uncompressed point. */
export const VapidKey = message(
  type('vapid-key'),
  v.object({ vapid_public_key: bytes(PUSH_KEY_BYTES) }),
);
/** The one subscription of the account; without an endpoint there is none any more. */
export const SetSubscription = message(
  type('set-subscription'),
  v.union([PushSubscriptionBody, v.object({ endpoint: v.nullish(v.null()) })]),
);
/** What holds now: the endpoint, null when there is none. */
export const Subscription = message(
  type('subscription'),
  v.object({ endpoint: v.nullish(v.string()) }),
);

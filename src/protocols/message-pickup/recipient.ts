import type { Attachment, Message } from '../../didcomm/plaintext.ts';
import type { Draft } from '../../didcomm/router.ts';
import { pickupUri, type PickupVersion } from './uris.ts';

// The recipient's words, and what it reads in the answers whatever their version: the exchange says what
// an answer is about (rule I20).

/** Asks for up to `count` messages. Never names a recipient DID (rule I33). */
export const draftDeliveryRequest = (version: PickupVersion, count: number): Draft => ({
  type: pickupUri(version, 'delivery-request'),
  body: version === '3.0' ? { limit: count } : { message_count_limit: count },
  thread: 'new',
});

export const draftReceived = (version: PickupVersion, attachmentIds: readonly string[]): Draft => ({
  type: pickupUri(version, 'messages-received'),
  body: { message_id_list: attachmentIds },
  thread: 'new',
});

export const draftLiveDelivery = (version: PickupVersion): Draft => ({
  type: pickupUri(version, 'live-delivery-change'),
  body: { live_delivery: true },
  thread: 'new',
});

const TYPE = /^https:\/\/didcomm\.org\/message-?pickup\/[34]\.\d+\/(.+)$/;
const nameOf = ({ type }: Message): string | undefined => TYPE.exec(type)?.[1];

/** @returns the mail in a delivery, none in a status, undefined when it is neither (rule I30) */
export function mailIn(message: Message): readonly Attachment[] | undefined {
  const name = nameOf(message);
  if (name === 'delivery') return message.attachments ?? [];
  return name === 'status' ? [] : undefined;
}

/** How much a status says is left; undefined for anything else. */
export function countIn(message: Message): number | undefined {
  const count = message.body['message_count'];
  return nameOf(message) === 'status' && typeof count === 'number' && count >= 0
    ? count
    : undefined;
}

/** Either spelling of the report that a connection cannot be pushed to (rule I32). */
export const refusesLive = ({ type, body }: Message): boolean =>
  type.endsWith('/problem-report') &&
  /live-(mode|delivery)-not-supported/.test(String(body['code']));

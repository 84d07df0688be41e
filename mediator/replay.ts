import type { Did } from '../src/did/did.ts';
import { routeKey } from '../src/didcomm/message-type.ts';
import { toBase64Url } from '../src/lib/base64url.ts';
import type { Bytes } from '../src/lib/bytes.ts';
import { Queries } from '../src/protocols/discover-features/messages.ts';
import {
  DeliveryRequest,
  MessagePickup4,
  StatusRequest,
} from '../src/protocols/message-pickup/messages.ts';
import { Ping } from '../src/protocols/trust-ping/messages.ts';
import { canonicalDid, sha256 } from './did-hash.ts';
import type { Hash } from './store/types.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Messages that change nothing: a replay after a day only costs an answer that the replayer cannot read. */
const READ_ONLY: ReadonlySet<string | undefined> = new Set(
  [
    Ping,
    Queries,
    StatusRequest,
    DeliveryRequest,
    MessagePickup4.statusRequest,
    MessagePickup4.deliveryRequest,
  ].map(({ type }) => routeKey(type)),
);

/**
 * Names an envelope by what its sender alone can have made: neither other white space in the JSON nor one more
 * anoncrypt around it makes another envelope.
 * @param tag of the authcrypt layer
 */
export const replayKey = (sender: Did, tag: Bytes): Hash =>
  sha256(`${canonicalDid(sender)} ${toBase64Url(tag)}`);

export const changesNothing = (messageType: string): boolean =>
  READ_ONLY.has(routeKey(messageType));

/** How long an envelope is remembered, ms since the epoch. */
export const replayUntil = (messageType: string, now: number): number =>
  now + (changesNothing(messageType) ? DAY_MS : 30 * DAY_MS);

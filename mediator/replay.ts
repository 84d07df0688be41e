import { routeKey } from '../src/didcomm/message-type.ts';
import { Queries } from '../src/protocols/discover-features/messages.ts';
import {
  DeliveryRequest,
  MessagePickup4,
  StatusRequest,
} from '../src/protocols/message-pickup/messages.ts';
import { Ping } from '../src/protocols/trust-ping/messages.ts';
import { sha256 } from './did-hash.ts';
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
 * Names an envelope by what its sender cannot have made twice, so that other white space in the JSON is no
 * other envelope.
 * @param packed a JWE that was opened: JSON with `protected` and `tag`
 */
export function replayKey(packed: string): Hash {
  const jwe = JSON.parse(packed) as { readonly protected: string; readonly tag: string };
  return sha256(`${jwe.protected}.${jwe.tag}`);
}

/** How long an envelope is remembered, ms since the epoch. */
export const replayUntil = (messageType: string, now: number): number =>
  now + (READ_ONLY.has(routeKey(messageType)) ? DAY_MS : 30 * DAY_MS);

import { newMessageId } from '../lib/ids.ts';
import { protocolOf, type MessageType } from '../didcomm/message-type.ts';
import { BasicMessage } from '../protocols/basic-message/messages.ts';
import { draftProtocolQueries } from '../protocols/discover-features/requester.ts';
import { MessageReceipts } from '../protocols/receipts/messages.ts';
import { Ping } from '../protocols/trust-ping/messages.ts';
import { Profile } from '../protocols/user-profile/messages.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import type { ContactRowState } from '../storage/schema.ts';
import type { Outgoing } from './outbox.ts';
import { FEATURES_VERSION } from './features-version.ts';
import { isAgent } from './contact-state.ts';

const TEXT = protocolOf(BasicMessage.type);
/** What makes a difference to the chat. */
const WANTED = [TEXT, ...[MessageReceipts, Profile, Ping].map(({ type }) => protocolOf(type))];

/** Once per contact and version: what it speaks. Agents are asked nothing (rule I40). */
export function questionFor(contact: {
  readonly state: ContactRowState;
  readonly payload: ContactPayload;
}): { readonly outgoing: Outgoing; readonly asked: ContactPayload['asked'] } | undefined {
  const { state, payload } = contact;
  if (state !== 'connected' || isAgent(payload) || payload.blocked) return undefined;
  const id = newMessageId();
  return {
    outgoing: { draft: draftProtocolQueries(WANTED), id },
    asked: { version: FEATURES_VERSION, id },
  };
}

/**
 * What a contact disclosed. Nothing at all means that it does not tell (didcomm.org/discover-features/2.0), and
 * then everything is offered to it as before. Who named something was asked by exact names: what it left out
 * it does not speak.
 */
export function disclosed(payload: ContactPayload, ids: readonly string[]): ContactPayload {
  if (ids.length === 0) return payload;
  const features = WANTED.filter((wanted) => ids.includes(wanted));
  const peerClass = features.length === WANTED.length ? 'full' : 'basic';
  return { ...payload, features, peerClass: features.includes(TEXT) ? peerClass : 'textless' };
}

/** Whether a message may be offered to a contact: unless what it disclosed leaves the protocol out. */
export const speaks = (
  { features }: Pick<ContactPayload, 'features'>,
  { type }: Pick<MessageType, 'type'>,
): boolean => features?.includes(protocolOf(type)) ?? true;

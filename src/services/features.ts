import { newMessageId } from '../lib/ids.ts';
import { protocolOf } from '../didcomm/message-type.ts';
import { BasicMessage } from '../protocols/basic-message/messages.ts';
import { draftProtocolQueries } from '../protocols/discover-features/requester.ts';
import { MessageReceipts } from '../protocols/receipts/messages.ts';
import { Profile } from '../protocols/user-profile/messages.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import type { ContactRowState } from '../storage/schema.ts';
import type { Outgoing } from './outbox.ts';
import { FEATURES_VERSION } from './peer-class.ts';
import { isAgent } from './contact-state.ts';

const TEXT = protocolOf(BasicMessage.type);
/** What makes a difference to the chat. */
const WANTED = [TEXT, protocolOf(MessageReceipts.type), protocolOf(Profile.type)];

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
 * What a contact disclosed. Who says that it takes texts can be written to; who leaves it out may only be
 * discreet ("a disclosure is never complete").
 */
export function disclosed(payload: ContactPayload, ids: readonly string[]): ContactPayload {
  const features = WANTED.filter((wanted) => ids.includes(wanted));
  const peerClass = features.length === WANTED.length ? 'full' : 'basic';
  return {
    ...payload,
    features,
    ...(features.includes(TEXT) ? { peerClass } : {}),
  };
}

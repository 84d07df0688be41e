import { isOpen } from './contact-state.ts';
import type { Did } from '../did/did.ts';
import type { GateReason } from '../didcomm/gate-reason.ts';
import type { Inbound } from '../didcomm/trust-gate.ts';
import type { InvitationPayload } from '../storage/payloads.ts';
import type { InvitationRow } from '../storage/schema.ts';
import type { Contact } from './contacts.ts';

/** Somebody who answered an invitation of ours and is no contact yet. */
export interface Newcomer {
  readonly row: InvitationRow;
  readonly payload: InvitationPayload;
}

/** A message whose sender is proved and stands in a known relation to us. */
export interface Trusted {
  readonly inbound: Inbound;
  readonly senderDid: Did;
  readonly myDid: Did;
  /** Blinded (sender, id): added to `dedupe` with the message's effects. */
  readonly dedupeHash: string;
}

/** A relationship that the other side ended, proved by its own key (rule R20). */
export interface Ended {
  readonly kind: 'ended';
  readonly contact: Contact;
  readonly issuedAtSeconds: number;
  readonly dedupeHash: string;
}

/** Somebody who answered a code of ours that lets nobody in any more. */
export type Latecomer = Trusted & { readonly invitation: Newcomer };

/** What the wallet makes of a message whose envelope is in order. */
export type Judgement =
  | (Trusted & { readonly kind: 'contact'; readonly contact: Contact; readonly moved: boolean })
  | (Trusted & { readonly kind: 'newcomer'; readonly invitation: Newcomer })
  | Ended
  | { readonly kind: 'quarantine'; readonly reason: GateReason; readonly late?: Latecomer }
  | { readonly kind: 'drop'; readonly reason: 'replay' | 'old-did' }
  /** Of somebody whose row this version cannot read: it waits for the version that can. */
  | { readonly kind: 'hold' };

/** A contact may write only to the DIDs that we made for it: anything else would link two relations. */
export function atTheirAddress(trusted: Trusted, contact: Contact, moved: boolean): Judgement {
  const { myDid, myPriorDids } = contact.payload;
  if (trusted.myDid !== myDid && !myPriorDids.includes(trusted.myDid))
    return { kind: 'quarantine', reason: 'to' };
  // Ended: that DID of theirs, or our ear for it, is left for good (rule R18).
  if (!isOpen(contact.row.state) && !['asking', 'void'].includes(contact.row.state))
    return { kind: 'drop', reason: 'old-did' };
  return { kind: 'contact', contact, moved, ...trusted };
}

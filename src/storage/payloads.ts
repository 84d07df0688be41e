import * as v from 'valibot';
import { isDid, type Did } from '../did/did.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { RowSealer } from './seal.ts';

// What is inside the sealed column `x` of each table. Rows outlive versions, so they are parsed like any
// other edge; a member added later is optional here. Times end in `At` (ms) or `Seconds`.

const DidSchema = v.custom<Did>(isDid, 'not a DID');

export const ProfilePayload = v.object({ name: v.string() });

export const MediatorPayload = v.object({
  /** The mediator's own DID: from its invitation, or what it moved to since (rule I21). */
  mediatorDid: DidSchema,
  priorMediatorDids: v.optional(v.array(DidSchema)),
  /** Our DID towards it: the account. */
  myDid: DidSchema,
  /** Private keys of `myDid`, wrapped by the device key, base64url. */
  agreementKeyB64u: v.string(),
  signingKeyB64u: v.string(),
  /** Present once the mediator's DID was resolved. */
  httpUrl: v.optional(v.string()),
  wsUrl: v.optional(v.string()),
  /** What our contacts' senders address: the `uri` of our own services. Present once granted. */
  routingDid: v.optional(DidSchema),
  /** What it calls itself in its invitation. */
  name: v.optional(v.string()),
  /** Agreed at set-up; 3.0 of both when absent. */
  mediation: v.optional(v.picklist(['2.0', '3.0'])),
  pickup: v.optional(v.picklist(['3.0', '4.0'])),
  /** Documents of DIDs that say nothing by themselves (did:web), as they were fetched. */
  documents: v.optional(v.record(v.string(), v.string())),
  /** It takes one id in an acknowledgement (rule I26), never answers one (I27), pushes nothing (I32). */
  singleAck: v.optional(v.boolean()),
  noReplyToAck: v.optional(v.boolean()),
  noLive: v.optional(v.boolean()),
  /** It denied once, so that another account was tried (rule I18). */
  denied: v.optional(v.boolean()),
  /** Where it was told to wake this wallet; '' after it was told to no more. */
  pushEndpoint: v.optional(v.string()),
  /** Since when another mailbox is in use. */
  leftAt: v.optional(v.number()),
});
export type MediatorPayload = v.InferOutput<typeof MediatorPayload>;

const GoalsPayload = v.object({
  goal_code: v.optional(v.nullable(v.string())),
  goal: v.optional(v.nullable(v.string())),
  accept: v.optional(v.nullable(v.array(v.string()))),
});

export const ContactPayload = v.object({
  claimedName: v.string(),
  petname: v.string(),
  myDid: DidSchema,
  /** DIDs of ours that they may still write to. */
  myPriorDids: v.array(DidSchema),
  theirDid: DidSchema,
  theirPriorDids: v.array(DidSchema),
  /** Of the did:web that they are, or were before they moved: as it was fetched to write to it, and when. */
  theirDocument: v.optional(v.object({ json: v.string(), at: v.number() })),
  /**
   * The invitation of somebody whose document is still to be fetched, and why that was of no use. Until it is
   * there, `myDid` only holds the place of an address.
   */
  unmet: v.optional(
    v.object({
      text: v.string(),
      fault: v.optional(v.picklist(['unsigned', 'unusable'])),
    }),
  ),
  role: v.picklist(['inviter', 'invitee']),
  /** The invitation's id on the wire. */
  invitationId: v.string(),
  /** Of the short link that led to it. */
  linkId: v.optional(v.string()),
  madeAt: v.number(),
  /** They asked to hear that their texts arrived. */
  wantsReceived: v.boolean(),
  /** Sent with every message until they write to our new DID (rule R19). */
  fromPrior: v.optional(v.string()),
  /** `iat` of their last rotation, seconds: older ones are refused (rule R17). */
  rotatedSeconds: v.optional(v.number()),
  /**
   * What they can be talked to with: nothing but requests (`agent`), what they disclosed without any texts
   * (`textless`), texts, or all that we speak.
   */
  peerClass: v.optional(v.picklist(['agent', 'textless', 'basic', 'full'])),
  /** Until the inviter answered: what their invitation said. */
  invited: v.optional(
    v.object({
      goals: GoalsPayload,
      endsAt: v.optional(v.number()),
      /** The handshake that was not tried yet; absent once both were, or where one is sure to be right. */
      otherWay: v.optional(v.picklist(['mercury', 'plain'])),
    }),
  ),
  /** A Mercury request that waits for the person to let them in. */
  toAnswer: v.optional(
    v.object({ thid: v.string(), pthid: v.optional(v.string()), goals: GoalsPayload }),
  ),
  /** How they write the ids of their own keys, when that is an old form (rule I3). */
  kidForm: v.optional(v.picklist(['multibase', 'without-z', 'first-8'])),
  /** When `myPriorDids` are given up, ms; set once they wrote to the new DID. */
  priorsUntilAt: v.optional(v.number()),
  /** `iat` of the last ending that was believed, seconds: it ends nothing a second time (rule R20). */
  endedSeconds: v.optional(v.number()),
  /** They ended before the person let them in: who doubts the end is asked again. */
  wasAsking: v.optional(v.boolean()),
  /** The person compared the safety code; `before-change`: of addresses used before. */
  verified: v.optional(v.picklist(['yes', 'before-change'])),
  /** Our question for their features: the wallet's version that asked, and the id that an answer must name. */
  asked: v.optional(v.object({ version: v.number(), id: v.string() })),
  /** The protocols of ours that they said they speak; absent until they disclosed any. */
  features: v.optional(v.array(v.string())),
  muted: v.optional(v.boolean()),
  blocked: v.optional(v.boolean()),
});
export type ContactPayload = v.InferOutput<typeof ContactPayload>;

export const MessagePayload = v.object({
  /** Id on the wire. */
  messageId: v.string(),
  mine: v.boolean(),
  text: v.string(),
  /** When it was written (own) or arrived (theirs). */
  at: v.number(),
  /** It came after its own end: its text was not kept (rule R25). */
  expired: v.optional(v.boolean()),
  /** Of an own one that waits to be packed: the language it was written in. */
  lang: v.optional(v.string()),
  /** What the contact said went wrong with it, cleaned. */
  report: v.optional(v.string()),
});
export type MessagePayload = v.InferOutput<typeof MessagePayload>;

export const ReceiptPayload = v.object({ messageId: v.string() });

export const OutboxPayload = v.object({
  /** The envelope for the contact; wrapped in its forward at the first flush. */
  inner: v.string(),
  /** The contact's DID: the forward's `next`, and where the endpoint is looked up. */
  theirDid: DidSchema,
  attempts: v.number(),
  /** How often in a row it was refused in a way that may pass. */
  refusals: v.optional(v.number()),
  /** The message row whose state follows this envelope; absent for control messages. */
  messageRowId: v.optional(v.string()),
  /** Nobody waits for it: given up when it is not taken within about twenty minutes. */
  courtesy: v.optional(v.boolean()),
  /** The bytes of the first POST; every retry sends the same (rule I10). */
  packed: v.optional(v.string()),
  url: v.optional(v.string()),
  /** The routing DID that a refusal must be signed by. */
  routingDid: v.optional(DidSchema),
  /** Further ways to the contact, taken in turn when one is not reached. */
  otherWays: v.optional(
    v.array(v.object({ packed: v.string(), url: v.string(), routingDid: v.optional(DidSchema) })),
  ),
  /** This envelope ends a relationship: what is given up once it has left. */
  endsWith: v.optional(
    v.object({
      contactId: v.string(),
      dids: v.array(v.object({ did: DidSchema, hDid: v.string(), keyHashes: v.array(v.string()) })),
    }),
  ),
});
export type OutboxPayload = v.InferOutput<typeof OutboxPayload>;

export const JobPayload = v.object({
  recipientDid: DidSchema,
  action: v.picklist(['add', 'remove']),
  attempts: v.number(),
  /** The invitation that goes live once its DID is registered. */
  invitationRowId: v.optional(v.string()),
});
export type JobPayload = v.InferOutput<typeof JobPayload>;

export const InvitationPayload = v.object({
  oobId: v.string(),
  myDid: DidSchema,
  /** The long link, which holds all; empty in a spare. */
  url: v.string(),
  /** Of its short link. */
  secretB64u: v.optional(v.string()),
  shortUrl: v.optional(v.string()),
});
export type InvitationPayload = v.InferOutput<typeof InvitationPayload>;

/** What came of fetching the content of a link: not there, not opened by its secret, nobody answered. */
export type FetchFailure = 'withdrawn' | 'malformed' | 'no-answer';

export const IntentPayload = v.object({
  /** What was opened; once its content has been fetched, that. */
  text: v.string(),
  /** The text is where the person expects a mailbox to give its invitation: nothing but an address. */
  mailbox: v.optional(v.boolean()),
  /** Of the short link that the text came by. */
  linkId: v.optional(v.string()),
  failure: v.optional(v.picklist(['withdrawn', 'malformed', 'no-answer'])),
});

export type IntentPayload = v.InferOutput<typeof IntentPayload>;

export const LinkJobPayload = v.object({
  linkId: v.string(),
  attempts: v.number(),
  /** To be put there; absent when the link is to be removed. */
  put: v.optional(v.object({ content: v.string(), expiresSeconds: v.number() })),
});
export type LinkJobPayload = v.InferOutput<typeof LinkJobPayload>;

export const DraftPayload = v.object({ text: v.string() });

export const InboxPayload = v.object({
  packed: v.string(),
  receivedAt: v.number(),
});
export type InboxPayload = v.InferOutput<typeof InboxPayload>;

/**
 * Opens a sealed row and checks its shape.
 * @returns undefined when the row is damaged or of a newer version: it is left as it is, never deleted
 */
export async function openRow<S extends v.GenericSchema>(
  sealer: RowSealer,
  schema: S,
  table: string,
  row: { readonly id: string; readonly x: Bytes },
): Promise<v.InferOutput<S> | undefined> {
  const opened = await sealer.open(table, row.id, row.x);
  if (opened.kind !== 'ok') return undefined;
  const parsed = v.safeParse(schema, opened.value);
  return parsed.success ? parsed.output : undefined;
}

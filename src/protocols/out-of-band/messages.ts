import * as v from 'valibot';
import { isDid, type Did } from '../../did/did.ts';
import { message } from '../../didcomm/message-type.ts';
import { AttachmentData, WireTime } from '../../didcomm/plaintext.ts';
import { withoutNulls, type JsonObject } from '../../lib/json.ts';

/** Out-of-band 2.0 (messaging spec, "Out Of Band Messages"). `label` is our extra, optional member. */
export const Invitation = message(
  'https://didcomm.org/out-of-band/2.0/invitation',
  v.object({
    label: v.optional(v.string()),
    goal_code: v.optional(v.string()),
    goal: v.optional(v.string()),
    accept: v.optional(v.array(v.string())),
  }),
);

/** The last second that a JavaScript date knows (ECMAScript, "Time Values and Time Range"). */
const LAST_SECOND = 8_640_000_000_000;

/** The invitation as it travels: a plaintext that nobody encrypted, so nothing in it is proved. */
export const InvitationPlaintext = v.object({
  type: v.string(),
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  from: v.custom<Did>(isDid, 'not a DID'),
  expires_time: v.optional(v.pipe(WireTime, v.maxValue(LAST_SECOND))),
  body: v.optional(
    v.pipe(
      v.unknown(),
      v.transform((body) => withoutNulls(body)),
      Invitation.body,
    ),
  ),
  attachments: v.optional(v.array(v.unknown())),
});

/** Other members of an attachment, such as its id, decide nothing here. */
export const InvitationAttachment = v.object({ data: AttachmentData });

export interface OobInvitation {
  readonly id: string;
  readonly from: Did;
  /** Seconds since the epoch. */
  readonly expiresSeconds: number | undefined;
  /** As claimed, not cleaned for display. */
  readonly label: string | undefined;
  readonly goal: string | undefined;
  readonly goalCode: string | undefined;
  /** As it stands there: an empty list means something else than none (rule I37). */
  readonly accept: readonly string[] | undefined;
  /**
   * The messages attached, in the inviter's order of preference, of which the invitee acts on one; undefined
   * without attachments. One that cannot be read is left out.
   */
  readonly requests: readonly JsonObject[] | undefined;
  /** What is attached and has a signature of its own: whether those are good is still to be found out. */
  readonly signedData: readonly v.InferOutput<typeof AttachmentData>[];
  /** The JWS that it came in: whether its signature is good is still to be found out. */
  readonly signed: JsonObject | undefined;
}

/** The goal code of a mediator's own invitation (Identus mediator, and ours). */
export const GOAL_REQUEST_MEDIATE = 'request-mediate';
export const PROFILE_DIDCOMM_V2 = 'didcomm/v2';

import * as v from 'valibot';
import { isDid, type Did } from '../../did/did.ts';
import { message } from '../../didcomm/message-type.ts';

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
  expires_time: v.optional(v.pipe(v.number(), v.maxValue(LAST_SECOND))),
  body: v.optional(v.nullable(Invitation.body), {}),
});

export interface OobInvitation {
  readonly id: string;
  readonly from: Did;
  /** Seconds since the epoch. */
  readonly expiresSeconds: number | undefined;
  /** As claimed, not cleaned for display. */
  readonly label: string | undefined;
  readonly goal: string | undefined;
  readonly goalCode: string | undefined;
  readonly accept: readonly string[] | undefined;
}

/** The goal code of a mediator's own invitation (Identus mediator, and ours). */
export const GOAL_REQUEST_MEDIATE = 'request-mediate';
export const PROFILE_DIDCOMM_V2 = 'didcomm/v2';

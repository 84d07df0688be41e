import { toBase64Url } from '../../lib/base64url.ts';
import { utf8 } from '../../lib/bytes.ts';
import type { Did } from '../../did/did.ts';
import { Invitation, PROFILE_DIDCOMM_V2 } from './messages.ts';

export interface InvitationToWrite {
  readonly id: string;
  readonly from: Did;
  readonly label: string;
  /** Seconds since the epoch. */
  readonly expiresSeconds: number;
}

/** The invitation as it travels, in ASCII. */
export const invitationJson = (invitation: InvitationToWrite): string =>
  plainAsciiJson({
    type: Invitation.type,
    id: invitation.id,
    from: invitation.from,
    expires_time: invitation.expiresSeconds,
    body: { label: invitation.label, accept: [PROFILE_DIDCOMM_V2] },
  });

/** The long, self-contained link: `<origin>/i?_oob=<base64url>`, which any DIDComm v2 wallet can read. */
export const invitationUrl = (origin: string, invitation: InvitationToWrite): string =>
  `${origin}/i?_oob=${toBase64Url(utf8(invitationJson(invitation)))}`;

/**
 * JSON in ASCII without `?`, `>` and `~`. Base64url of such text holds neither `-` nor `_`, so that
 * decoders that know only the standard alphabet read it too (rule I35).
 */
export function plainAsciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[?>~]|[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

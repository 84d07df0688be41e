import { cleanDisplayName } from '../lib/display-name.ts';
import type { OobInvitation } from '../protocols/out-of-band/messages.ts';

/** The inviter's name as claimed: label, else goal, else nobody in particular. Cleaned for display. */
export const invitationName = (invitation: OobInvitation): string =>
  cleanDisplayName(invitation.label ?? '') || cleanDisplayName(invitation.goal ?? '');

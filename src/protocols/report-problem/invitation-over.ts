import type { Draft } from '../../didcomm/router.ts';
import { draftReport } from './messages.ts';

/** Of our own making: the invitation that a message answers was used, has ended or was withdrawn. */
export const INVITATION_OVER = 'e.p.req.invitation-over';

/** Says no more than that: not to whom it was given, and not since when. */
export const draftInvitationOver = (offenderId: string): Draft =>
  draftReport(
    { code: INVITATION_OVER, comment: 'This invitation is not valid any more.' },
    offenderId,
  );

import { cleanDisplayName } from '../lib/display-name.ts';
import { SOMEONE_NEW } from '../services/contact-name.ts';
import type { CodeReading } from '../services/intents.ts';
import type { InvitationPayload, InvitationRow } from '../storage/queries.ts';
import type { LiveInvitationView, PreviewView } from './views.ts';

export const previewView = (
  intentId: string,
  reading: Extract<CodeReading, { kind: 'ok' }>,
  claimedName: string,
): PreviewView => ({
  intentId,
  name: claimedName || SOMEONE_NEW,
  goal: cleanDisplayName(reading.invitation.goal ?? reading.invitation.goalCode ?? '') || undefined,
  mailboxHost: reading.mailboxHost,
  expiresAt:
    reading.invitation.expiresSeconds === undefined
      ? undefined
      : reading.invitation.expiresSeconds * 1000,
});

/** What the screen shows of a code of our own that nobody has used up. */
export const liveInvitationView = (
  row: InvitationRow,
  { url, shortUrl }: InvitationPayload,
): LiveInvitationView => ({
  kind: 'live',
  id: row.id,
  longUrl: url,
  shortUrl,
  short: row.link === 'ready' ? 'ready' : row.link === 'asked' ? 'coming' : 'none',
  expiresAt: row.expiresAt,
  autoAccept: row.autoAccept,
  shared: row.use === 'shared',
  answers: row.answers ?? 0,
});

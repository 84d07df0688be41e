import type { ParleyDb } from '../storage/schema.ts';

/** What the service worker lets screens know of the mailbox; rows of `settings`, named as in `noteMailbox`. */
export const MAILBOX_LIVE = 'mailbox.live';
export const MAILBOX_FETCHED_AT = 'mailbox.fetchedAt';
export const MAILBOX_ERROR = 'mailbox.error';
/** Why the mailbox that was chosen last is not in use yet. */
export const MAILBOX_MOVE_ERROR = 'mailbox.moveError';

/** `login`: it has users with accounts of their own alone (rule I54). */
export type MailboxError = 'none' | 'unreachable' | 'refused' | 'login';

export async function noteMailbox(
  db: ParleyDb,
  status: {
    readonly live?: boolean;
    readonly fetchedAt?: number;
    readonly error?: MailboxError;
    readonly moveError?: MailboxError;
  },
): Promise<void> {
  await db.settings.bulkPut(
    Object.entries(status).map(([name, value]) => ({ id: `mailbox.${name}`, value })),
  );
}

import type { ParleyDb } from '../storage/schema.ts';

/** What the service worker lets screens know of the mailbox; rows of `settings`, nothing secret. */
export const MAILBOX_LIVE = 'mailbox.live';
export const MAILBOX_FETCHED_AT = 'mailbox.fetchedAt';
export const MAILBOX_ERROR = 'mailbox.error';

export type MailboxError = 'none' | 'unreachable' | 'refused';

export async function noteMailbox(
  db: ParleyDb,
  status: { readonly live?: boolean; readonly fetchedAt?: number; readonly error?: MailboxError },
): Promise<void> {
  await db.settings.bulkPut([
    ...(status.live === undefined ? [] : [{ id: MAILBOX_LIVE, value: status.live }]),
    ...(status.fetchedAt === undefined
      ? []
      : [{ id: MAILBOX_FETCHED_AT, value: status.fetchedAt }]),
    ...(status.error === undefined ? [] : [{ id: MAILBOX_ERROR, value: status.error }]),
  ]);
}

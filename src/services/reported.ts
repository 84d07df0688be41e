import { cleanDisplayName } from '../lib/display-name.ts';
import { MessagePayload, openRow } from '../storage/payloads.ts';
import type { MessageRow } from '../storage/schema.ts';
import { blindMessageId } from './chat.ts';
import type { Wallet } from './wallet.ts';

/**
 * The own messages of a chat that its contact reported a problem with, as they are to be kept: failed, with
 * what the contact said. Ids of anything else are ignored (rule R23).
 */
export async function reportedMessages(
  wallet: Wallet,
  contactId: string,
  { messageIds, comment }: { readonly messageIds: readonly string[]; readonly comment: string },
): Promise<MessageRow[]> {
  const { db, vault } = wallet;
  const rows = await Promise.all(
    [...new Set(messageIds)].map(async (messageId) => {
      const hMid = await blindMessageId(wallet, { mine: true, messageId });
      return db.messages.where('[c+hMid]').equals([contactId, hMid]).first();
    }),
  );
  const reported = rows.map(async (row): Promise<MessageRow[]> => {
    const payload = row && (await openRow(vault, MessagePayload, 'messages', row));
    if (!row || !payload) return [];
    const report = cleanDisplayName(comment);
    const x = await vault.seal('messages', row.id, { ...payload, report });
    return [{ ...row, st: 'failed', why: 'reported', x }];
  });
  return (await Promise.all(reported)).flat();
}

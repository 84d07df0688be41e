import { draftInvitationOver } from '../protocols/report-problem/invitation-over.ts';
import { isReport } from '../protocols/report-problem/types.ts';
import { OutboxPayload, openRow } from '../storage/payloads.ts';
import type { DedupeRow, OutboxRow, ParleyDb } from '../storage/schema.ts';
import { newRowId } from '../lib/ids.ts';
import { blindSeen } from './contacts.ts';
import type { Latecomer } from './judgement.ts';
import { packForContact } from './outbox.ts';
import { DEDUPE_MS } from './receive.ts';
import type { Wallet } from './wallet.ts';

/** So many are told by one code in its life: one that went round must not keep this wallet talking. */
const MAX_TOLD = 20;

export interface Telling {
  readonly invitation: string;
  readonly mark: DedupeRow;
  readonly outbox: OutboxRow;
}

/**
 * Tells somebody who answered a code of ours that lets nobody in any more, once and nothing else: whoever the
 * code once let in by itself would have heard more. A code whose owner decides about everybody tells nobody
 * (rule R37), and a report is never answered (rule R28).
 * @returns what is to be written with the quarantine of what they said; touches no table
 */
export async function tellLatecomer(
  wallet: Wallet,
  { inbound: { message }, senderDid, myDid, invitation: { row, payload } }: Latecomer,
): Promise<Telling | undefined> {
  if (!row.autoAccept || isReport(message)) return undefined;
  const { oobId } = payload;
  const [packed] = await packForContact(
    wallet,
    { lane: newRowId(), payload: { myDid, theirDid: senderDid } },
    // The invitation is the thread that the asker knows (rule R23).
    [{ draft: draftInvitationOver(message.id), inReplyTo: { id: oobId, thid: undefined } }],
  );
  const content = packed && (await openRow(wallet.device, OutboxPayload, 'outbox', packed));
  if (!content) return undefined;
  const x = await wallet.device.seal('outbox', packed.id, { ...content, courtesy: true });
  // No message has an id with a space in it (rule R21).
  const h = await blindSeen(wallet, senderDid, `late for ${oobId}`);
  return {
    invitation: row.id,
    mark: { h, exp: wallet.clock.now() + DEDUPE_MS },
    outbox: { ...packed, x },
  };
}

/** Inside a transaction over invitations, dedupe and outbox. */
export async function keepTelling(
  { invitations, dedupe, outbox }: ParleyDb,
  { invitation, mark, outbox: row }: Telling,
): Promise<void> {
  const told = (await invitations.get(invitation))?.told ?? 0;
  if (told >= MAX_TOLD || (await dedupe.get(mark.h))) return;
  await invitations.update(invitation, { told: told + 1 });
  await dedupe.add(mark);
  await outbox.add(row);
}

import type { PriorDid } from '../didcomm/judge-prior.ts';
import type { Inbound } from '../didcomm/trust-gate.ts';
import type { InboxRow } from '../storage/schema.ts';
import { blindSeen, findByTheirDid, sealContact } from './contacts.ts';
import { contactByPriorDid } from './prior-contacts.ts';
import type { Effects } from './effects.ts';
import { formerDids, isUsedElsewhere, withdrawals } from './former-dids.ts';
import type { Ended, Judgement } from './judgement.ts';
import type { Wallet } from './wallet.ts';
import { isOpen } from './contact-state.ts';

/**
 * R20, with R16 and R17: signed by the DID that exactly one contact has now, sent to a DID of ours that was
 * made for it, and not older than its last move. The word names no addressee, so that it may have been meant
 * for somebody else: the person can take it back, and the same word does not count twice.
 */
export async function judgeEnding(
  wallet: Wallet,
  { recipientDid, message, expired }: Inbound,
  { priorDid, issuedAtSeconds }: PriorDid,
): Promise<Judgement> {
  const contact = await findByTheirDid(wallet, priorDid);
  if (contact === 'unreadable') return { kind: 'hold' };
  if (!contact)
    return (await contactByPriorDid(wallet, priorDid))
      ? { kind: 'drop', reason: 'old-did' }
      : { kind: 'quarantine', reason: 'end' };
  const { row, payload } = contact;
  const ours = [payload.myDid, ...payload.myPriorDids];
  if (!recipientDid || !ours.includes(recipientDid)) return { kind: 'quarantine', reason: 'end' };
  if (issuedAtSeconds < (payload.rotatedSeconds ?? 0))
    return { kind: 'quarantine', reason: 'fp-time' };
  if (expired) return { kind: 'quarantine', reason: 'expired' };
  const known = issuedAtSeconds <= (payload.endedSeconds ?? 0);
  if (known || !(isOpen(row.state) || row.state === 'asking'))
    return { kind: 'drop', reason: 'replay' };
  const dedupeHash = await blindSeen(wallet, priorDid, message.id);
  return { kind: 'ended', contact, issuedAtSeconds, dedupeHash };
}

/** The contact can be read and not written to; our DIDs take no more mail. Keys stay: the person may doubt it. */
export async function effectsOfEnding(
  wallet: Wallet,
  inbox: InboxRow,
  { contact, issuedAtSeconds, dedupeHash }: Ended,
  dedupeMs: number,
): Promise<Effects> {
  const { row, payload } = contact;
  const dids = await formerDids(wallet.vault, [payload.myDid, ...payload.myPriorDids]);
  const unused = await Promise.all(
    dids.map(async (former) =>
      (await isUsedElsewhere(wallet.db, row.id, former.hDid)) ? [] : [former],
    ),
  );
  return {
    inbox,
    dedupe: { h: dedupeHash, exp: wallet.clock.now() + dedupeMs },
    contact: await sealContact(
      wallet.vault,
      row.id,
      'left',
      {
        ...payload,
        endedSeconds: issuedAtSeconds,
        ...(row.state === 'asking' ? { wasAsking: true } : {}),
      },
      row.rev + 1,
    ),
    basedOnRev: row.rev,
    messages: [],
    deliveredHashes: [],
    reported: [],
    receipts: [],
    outbox: [],
    silent: true,
    keys: [],
    jobs: await withdrawals(wallet.device, unused.flat()),
  };
}

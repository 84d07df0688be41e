import type { Inbound } from '../didcomm/trust-gate.ts';
import { isSameId } from '../lib/ids.ts';
import { InvitationPayload, openRow } from '../storage/payloads.ts';
import { blindDid, findByTheirDid } from './contacts.ts';
import { contactByPriorDid } from './prior-contacts.ts';
import { atTheirAddress, type Judgement, type Trusted } from './judgement.ts';
import type { Wallet } from './wallet.ts';

/** The gate for a proved sender whom no contact of today uses (rules R16-R18, R24). */
export async function judgeStranger(wallet: Wallet, trusted: Trusted): Promise<Judgement> {
  // R18: they moved away from this DID; whoever still uses it is not them.
  if (await contactByPriorDid(wallet, trusted.senderDid))
    return { kind: 'drop', reason: 'old-did' };
  const { rotation } = trusted.inbound;
  return rotation ? judgeMove(wallet, trusted, rotation) : judgeNewcomer(wallet, trusted);
}

/** R16, R17: the prior DID is the current one of exactly one contact, and this move is not older than the last. */
async function judgeMove(
  wallet: Wallet,
  trusted: Trusted,
  rotation: NonNullable<Inbound['rotation']>,
): Promise<Judgement> {
  const contact = await findByTheirDid(wallet, rotation.priorDid);
  if (contact === 'unreadable') return { kind: 'hold' };
  if (!contact) return { kind: 'quarantine', reason: 'fp-contact' };
  if (rotation.issuedAtSeconds < (contact.payload.rotatedSeconds ?? 0))
    return { kind: 'quarantine', reason: 'fp-time' };
  const judged = atTheirAddress(trusted, contact, true);
  return judged.kind === 'quarantine' ? { kind: 'quarantine', reason: 'fp-contact' } : judged;
}

/** A code that went round must not fill the chat list with requests. */
const MAX_WAITING = 100;

/** R24: a stranger's first message names an invitation of ours that is live and not used up. */
async function judgeNewcomer(wallet: Wallet, trusted: Trusted): Promise<Judgement> {
  const refused = { kind: 'quarantine', reason: 'invite' } as const;
  const hMyDid = await blindDid(wallet.vault, trusted.myDid);
  const row = await wallet.db.invitations.where('hMyDid').equals(hMyDid).first();
  if (!row) return refused;
  const { state, expiresAt } = row;
  const isOver = state === 'answered' || state === 'revoked' || expiresAt <= wallet.clock.now();
  const waiting = await wallet.db.contacts.where('state').equals('asking').count();
  if (!isOver && !row.autoAccept && waiting >= MAX_WAITING) return refused;
  const payload = await openRow(wallet.vault, InvitationPayload, 'invitations', row);
  if (!payload) return isOver ? refused : { kind: 'hold' };
  const { thid, pthid } = trusted.inbound.message;
  if (!isSameId(pthid, payload.oobId) && !isSameId(thid, payload.oobId)) return refused;
  // R25: whoever let it expire wants to be met by it no more, and the code stays for who comes in time.
  if (trusted.inbound.expired) return { kind: 'quarantine', reason: 'expired' };
  const newcomer = { ...trusted, invitation: { row, payload } };
  return isOver ? { ...refused, late: newcomer } : { kind: 'newcomer', ...newcomer };
}

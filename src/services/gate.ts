import type { Inbound } from '../didcomm/trust-gate.ts';
import { InvitationPayload, openRow } from '../storage/payloads.ts';
import {
  blindDid,
  blindSeen,
  contactByPriorDid,
  findByTheirDid,
  type Contact,
} from './contacts.ts';
import type { Judgement, Trusted } from './judgement.ts';
import type { Wallet } from './wallet.ts';
import { isOpen } from './contact-state.ts';

/**
 * The half of the trust gate that needs what the wallet knows (security.md section 6, R4, R16-R18, R22,
 * R24). The other half, what the envelope proves by itself, came before.
 */
export async function judge(wallet: Wallet, inbound: Inbound): Promise<Judgement> {
  const { sender, recipientDid } = inbound;
  if (inbound.ending) {
    const { judgeEnding } = await import('./their-ending.ts');
    return judgeEnding(wallet, inbound, inbound.ending);
  }
  // R4: chat needs a sender that the encryption proved.
  if (inbound.encryption !== 'authcrypt' || !sender || !recipientDid)
    return { kind: 'quarantine', reason: 'anon-chat' };
  const dedupeHash = await blindSeen(wallet, sender, inbound.message.id);
  if (await wallet.db.dedupe.get(dedupeHash)) return { kind: 'drop', reason: 'replay' };
  const trusted: Trusted = { inbound, senderDid: sender, myDid: recipientDid, dedupeHash };
  const contact = await findByTheirDid(wallet, sender);
  if (contact === 'unreadable') return { kind: 'hold' };
  if (contact) return atTheirAddress(trusted, contact, false);
  // R18: they moved away from this DID; whoever still uses it is not them.
  if (await contactByPriorDid(wallet, sender)) return { kind: 'drop', reason: 'old-did' };
  return inbound.rotation
    ? judgeMove(wallet, trusted, inbound.rotation)
    : judgeNewcomer(wallet, trusted);
}

/** A contact may write only to the DIDs that we made for it: anything else would link two relations. */
function atTheirAddress(trusted: Trusted, contact: Contact, moved: boolean): Judgement {
  const { myDid, myPriorDids } = contact.payload;
  if (trusted.myDid !== myDid && !myPriorDids.includes(trusted.myDid))
    return { kind: 'quarantine', reason: 'to' };
  // Ended: that DID of theirs, or our ear for it, is left for good (rule R18).
  if (!isOpen(contact.row.state) && contact.row.state !== 'asking')
    return { kind: 'drop', reason: 'old-did' };
  return { kind: 'contact', contact, moved, ...trusted };
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

/** R24: a stranger's first message names an invitation of ours that is live and not used up. */
async function judgeNewcomer(wallet: Wallet, trusted: Trusted): Promise<Judgement> {
  const refused: Judgement = { kind: 'quarantine', reason: 'invite' };
  const hMyDid = await blindDid(wallet.vault, trusted.myDid);
  const row = await wallet.db.invitations.where('hMyDid').equals(hMyDid).first();
  if (!row || row.state === 'answered' || row.state === 'revoked') return refused;
  if (row.expiresAt <= wallet.clock.now()) return refused;
  const payload = await openRow(wallet.vault, InvitationPayload, 'invitations', row);
  if (!payload) return { kind: 'hold' };
  const { thid, pthid } = trusted.inbound.message;
  if (pthid !== payload.oobId && thid !== payload.oobId) return refused;
  return { kind: 'newcomer', invitation: { row, payload }, ...trusted };
}

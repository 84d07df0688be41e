import type { Inbound } from '../didcomm/trust-gate.ts';
import { blindSeen, findByTheirDid } from './contacts.ts';
import { atTheirAddress, type Judgement, type Trusted } from './judgement.ts';
import type { Wallet } from './wallet.ts';

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
  return (await import('./strangers.ts')).judgeStranger(wallet, trusted);
}

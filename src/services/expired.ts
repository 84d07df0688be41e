import { routeKey } from '../didcomm/message-type.ts';
import { BasicMessage } from '../protocols/basic-message/messages.ts';
import type { InboxRow } from '../storage/schema.ts';
import { sealMessage } from './chat.ts';
import type { Effects } from './effects.ts';
import type { Judgement } from './judgement.ts';
import type { Wallet } from './wallet.ts';

/**
 * R25: what comes after its own end has no effect, on the contact neither, and is answered by nothing: that a text
 * came is shown, and that is all. A move that it tells of is told again by whatever the contact writes next (R19).
 */
export async function effectsOfExpired(
  wallet: Wallet,
  inbox: InboxRow,
  { contact, inbound, dedupeHash }: Extract<Judgement, { kind: 'contact' }>,
  dedupeMs: number,
): Promise<Effects> {
  const { row, payload } = contact;
  const { type, id } = inbound.message;
  const at = wallet.clock.now();
  const isShown = !payload.blocked && routeKey(type) === routeKey(BasicMessage.type);
  const note = { messageId: id, text: '', expired: true, mine: false, at };
  return {
    inbox,
    dedupe: { h: dedupeHash, exp: at + dedupeMs },
    contact: row,
    basedOnRev: row.rev,
    messages: isShown ? [await sealMessage(wallet, row.id, 'unread', note)] : [],
    deliveredHashes: [],
    reported: [],
    receipts: [],
    outbox: [],
    silent: payload.muted === true,
    keys: [],
    jobs: [],
  };
}

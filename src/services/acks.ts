import type { Message } from '../didcomm/plaintext.ts';
import type { Draft } from '../didcomm/router.ts';
import { isSameId } from '../lib/ids.ts';
import { draftEmpty, Empty } from '../protocols/empty/empty.ts';
import type { ReceiptPorts } from '../protocols/receipts/wallet.ts';
import { isReport } from '../protocols/report-problem/types.ts';
import { blindSeen } from './contacts.ts';
import type { Trusted } from './judgement.ts';
import type { OpenWallet } from './wallet.ts';

// ACKs (messaging spec, "ACKs"): asked for by `please_ack`, given by `ack` with the next message.

const MAX_IDS = 100;

/**
 * R29: the ids that a message wants confirmed, as far as they came: "" is the message itself. "Ordered from
 * oldest received to most recently received". An acknowledgement is never acknowledged.
 */
async function acksWanted(
  wallet: OpenWallet,
  { inbound, senderDid }: Trusted,
): Promise<readonly string[]> {
  const { id: own, type, ack, please_ack = [] } = inbound.message;
  if (type === Empty.type && ack !== undefined) return [];
  const wanted = new Set(please_ack.slice(0, MAX_IDS));
  const isOwn = (id: string): boolean => id === '' || isSameId(id, own);
  const others = await Promise.all(
    [...wanted]
      .filter((id) => !isOwn(id))
      .map(async (id) => {
        const seen = await wallet.db.dedupe.get(await blindSeen(wallet, senderDid, id));
        return seen ? [{ id, at: seen.exp }] : [];
      }),
  );
  const received = others.flat().sort((one, other) => one.at - other.at);
  return [...received.map(({ id }) => id), ...([...wanted].some(isOwn) ? [own] : [])];
}

/** The first reply carries the acknowledgement; where there is none, an empty message does. */
export async function withAck(
  wallet: OpenWallet,
  trusted: Trusted,
  drafts: readonly Draft[],
): Promise<readonly Draft[]> {
  const ids = await acksWanted(wallet, trusted);
  const [first, ...rest] = drafts;
  if (ids.length === 0) return drafts;
  if (!first) return [{ ...draftEmpty({ ack: ids }), thread: 'same' }];
  // A problem report has one already.
  return first.headers?.['ack'] === undefined
    ? [{ ...first, headers: { ...first.headers, ack: ids } }, ...rest]
    : drafts;
}

/** They have what they acknowledge; a problem report names by the same header what went wrong. */
export function noteAcks(message: Message, ports: ReceiptPorts): void {
  const { ack } = message;
  if (ack === undefined || isReport(message)) return;
  for (const id of typeof ack === 'string' ? [ack] : ack.slice(0, MAX_IDS)) ports.markDelivered(id);
}

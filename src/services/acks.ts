import type { Message } from '../didcomm/plaintext.ts';
import type { Draft } from '../didcomm/router.ts';
import { draftEmpty, Empty } from '../protocols/empty/empty.ts';
import type { ReceiptPorts } from '../protocols/receipts/wallet.ts';
import { PROBLEM_REPORT } from '../protocols/report-problem/types.ts';

// ACKs (messaging spec, "ACKs"): asked for by `please_ack`, given by `ack` with the next message.

const MAX_IDS = 100;

/**
 * R29: the ids that a message wants confirmed. "" is the message itself; of others nothing is known here that
 * would be worth a word. An acknowledgement is never acknowledged.
 */
function acksWanted({ id, type, ack, please_ack }: Message): readonly string[] {
  if (type === Empty.type && ack !== undefined) return [];
  return please_ack?.slice(0, MAX_IDS).some((wanted) => wanted === '' || wanted === id) ? [id] : [];
}

/** The first reply carries the acknowledgement; where there is none, an empty message does. */
export function withAck(drafts: readonly Draft[], message: Message): readonly Draft[] {
  const ids = acksWanted(message);
  const [first, ...rest] = drafts;
  if (ids.length === 0) return drafts;
  if (!first) return [{ ...draftEmpty({ ack: ids }), thread: 'same' }];
  // A problem report has one already.
  return first.headers?.['ack'] === undefined
    ? [{ ...first, headers: { ...first.headers, ack: ids } }, ...rest]
    : drafts;
}

/** They have what they acknowledge; a problem report names by the same header what went wrong. */
export function noteAcks({ type, ack }: Message, ports: ReceiptPorts): void {
  if (ack === undefined || type === PROBLEM_REPORT) return;
  for (const id of typeof ack === 'string' ? [ack] : ack.slice(0, MAX_IDS)) ports.markDelivered(id);
}

import { on, type Draft } from '../../didcomm/router.ts';
import { MessageReceipts } from './messages.ts';

/** One message may confirm many; more than this is not a peer we know. */
const MAX_RECEIPTS = 500;

export interface ReceiptPorts {
  /** The contact wants (or no longer wants) to hear that texts arrived. */
  setWantsReceived(wanted: boolean): void;
  /** The contact says that it has this message of ours. */
  markDelivered(messageId: string): void;
}

export const receiveReceipts = on<typeof MessageReceipts, unknown, ReceiptPorts>(
  MessageReceipts,
  (message, _facts, ports) => {
    for (const receipt of message.body.receipts.slice(0, MAX_RECEIPTS))
      if (receipt.state === 'received' || receipt.state === 'viewed')
        ports.markDelivered(receipt.message_id);
    return [];
  },
);

/** @param nowSeconds seconds since the epoch */
export const draftReceived = (messageIds: readonly string[], nowSeconds: number): Draft => ({
  type: MessageReceipts.type,
  body: {
    receipts: messageIds.map((message_id) => ({
      message_id,
      state: 'received',
      timestamp: nowSeconds,
    })),
  },
  thread: 'new',
});

import { on, type Draft } from '../../didcomm/router.ts';
import { BasicMessage } from '../basic-message/messages.ts';
import { MessageReceipts, RequestReceipts } from './messages.ts';

/** One message may confirm many; more than this is not a peer we know. */
const MAX_RECEIPTS = 500;

export interface ReceiptPorts {
  /** The contact wants (or no longer wants) to hear that texts arrived. */
  setWantsReceived(wanted: boolean): void;
  /** The contact says that it has this message of ours. */
  markDelivered(messageId: string): void;
}

export const receiveReceiptRequests = on<typeof RequestReceipts, unknown, ReceiptPorts>(
  RequestReceipts,
  (message, _facts, ports) => {
    ports.setWantsReceived(
      message.body.requested_receipts.some(
        ({ message_type, states }) =>
          matches(message_type, BasicMessage.type) && (states?.includes('received') ?? true),
      ),
    );
    return [];
  },
);

export const receiveReceipts = on<typeof MessageReceipts, unknown, ReceiptPorts>(
  MessageReceipts,
  (message, _facts, ports) => {
    for (const receipt of message.body.receipts.slice(0, MAX_RECEIPTS))
      if (receipt.state === 'received' || receipt.state === 'viewed')
        ports.markDelivered(receipt.message_id);
    return [];
  },
);

/** Asks to be told of every text received. */
export const draftReceiptRequest = (): Draft => ({
  type: RequestReceipts.type,
  body: { requested_receipts: [{ message_type: BasicMessage.type, states: ['received'] }] },
  thread: 'new',
});

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

/** `*` at the end stands for any rest, alone for any type. */
function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';
import { on, type Draft } from '../../didcomm/router.ts';
import { BasicMessage } from '../basic-message/messages.ts';
import { base } from './messages.ts';
import type { ReceiptPorts } from './wallet.ts';

// Once per contact, so that it is no part of what every chat loads.

/** An empty list switches receipts off. */
export const RequestReceipts = message(
  `${base}/request-receipts`,
  v.object({
    requested_receipts: v.array(
      v.object({ message_type: v.string(), states: v.optional(v.array(v.string())) }),
    ),
  }),
);

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

/** Asks to be told of every text received. */
export const draftReceiptRequest = (): Draft => ({
  type: RequestReceipts.type,
  body: { requested_receipts: [{ message_type: BasicMessage.type, states: ['received'] }] },
  thread: 'new',
});

/** `*` at the end stands for any rest, alone for any type. */
function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

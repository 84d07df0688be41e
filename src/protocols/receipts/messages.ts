import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';

const base = 'https://didcomm.org/receipts/1.0';

/** receipts 1.0 (didcomm.org/receipts/1.0). An empty list switches receipts off. */
export const RequestReceipts = message(
  `${base}/request-receipts`,
  v.object({
    requested_receipts: v.array(
      v.object({ message_type: v.string(), states: v.optional(v.array(v.string())) }),
    ),
  }),
);

/** The page's own examples quote the times: numbers and numeric text are read, numbers are sent. */
export const MessageReceipts = message(
  `${base}/message-receipts`,
  v.object({
    receipts: v.array(
      v.object({
        message_id: v.string(),
        state: v.string(),
        timestamp: v.optional(v.union([v.number(), v.string()])),
      }),
    ),
  }),
);

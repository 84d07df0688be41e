import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';

/** receipts 1.0 (didcomm.org/receipts/1.0). */
export const base = 'https://didcomm.org/receipts/1.0';

/** When it was is not read: the page's own examples quote the times. */
export const MessageReceipts = message(
  `${base}/message-receipts`,
  v.object({
    receipts: v.array(
      v.object({
        message_id: v.string(),
        state: v.string(),
      }),
    ),
  }),
);

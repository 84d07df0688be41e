import { router } from '../didcomm/router.ts';
import { receiveTexts, type ChatPorts } from '../protocols/basic-message/wallet.ts';
import { noteEmpty } from '../protocols/empty/empty.ts';
import { receiveReceipts, type ReceiptPorts } from '../protocols/receipts/wallet.ts';

/** What comes with every chat. */
export const chatRouter = router<undefined, ChatPorts & ReceiptPorts>([
  receiveTexts,
  receiveReceipts,
  noteEmpty,
]);

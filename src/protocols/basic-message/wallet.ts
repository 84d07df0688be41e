import { on } from '../../didcomm/router.ts';
import { BasicMessage } from './messages.ts';

export interface IncomingText {
  /** The id on the wire, unique per sender. */
  readonly messageId: string;
  readonly text: string;
  /** As the sender states it, seconds since the epoch; a claim. */
  readonly claimedSeconds: number | undefined;
}

export interface ChatPorts {
  keepText(text: IncomingText): void;
}

export const receiveTexts = on<typeof BasicMessage, unknown, ChatPorts>(
  BasicMessage,
  (message, _facts, ports) => {
    ports.keepText({
      messageId: message.id,
      text: message.body.content,
      claimedSeconds: message.created_time,
    });
    return [];
  },
);

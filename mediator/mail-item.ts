import { toBase64Url } from '../src/lib/base64url.ts';
import type { MailItem } from '../src/protocols/message-pickup/mediator.ts';
import type { StoredMessage } from './store/types.ts';

export type KeptLetter = Pick<StoredMessage, 'id' | 'body'>;

/** A stored message as it travels. */
export const mailItem = ({ id, body }: KeptLetter): MailItem => ({
  id: toBase64Url(id),
  base64Url: Buffer.from(body.buffer, body.byteOffset, body.length).toString('base64url'),
});

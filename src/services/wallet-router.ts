import type { Message } from '../didcomm/plaintext.ts';
import type { Dispatched } from '../didcomm/router.ts';
import type { ChatPorts } from '../protocols/basic-message/wallet.ts';
import { chatRouter } from './chat-messages.ts';
import type { OtherPorts } from './other-messages.ts';

export type ContactPorts = ChatPorts & OtherPorts;

/** Hands a contact's message to its handler. All but chat is loaded with the first of its kind. */
export async function dispatchToContact(
  message: Message,
  ports: ContactPorts,
): Promise<Dispatched> {
  const dispatched = await chatRouter.dispatch(message, undefined, ports);
  if (dispatched.kind !== 'unsupported') return dispatched;
  const { dispatchOther } = await import('./other-messages.ts');
  return dispatchOther(message, ports);
}

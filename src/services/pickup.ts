import type { Message } from '../didcomm/plaintext.ts';
import {
  Delivery,
  DeliveryRequest,
  MessagesReceived,
} from '../protocols/message-pickup/messages.ts';
import { storeArrivals, type ArrivalPorts } from './arrivals.ts';
import { askMediator, type ControlPorts } from './control.ts';
import type { ReadyMediator } from './mediators.ts';
import type { Draft } from '../didcomm/router.ts';

export type PickupPorts = ControlPorts & ArrivalPorts;

/** A page of the mailbox: small enough to be stored in one short transaction. */
const PAGE = 20;

export type PickupOutcome =
  | { readonly kind: 'drained' | 'refused' }
  | { readonly kind: 'unreachable'; readonly retryAfterMs: number | undefined };

/**
 * Empties the mailbox: a page at a time, stored before it is acknowledged (rules R41, I26, I34).
 * @param onStored called after each page is on disk, so that it shows while the next is fetched
 */
export async function drainMailbox(
  ports: PickupPorts,
  mediator: ReadyMediator,
  onStored: () => Promise<void>,
): Promise<PickupOutcome> {
  for (;;) {
    const asked = await askMediator(ports, mediator, {
      type: DeliveryRequest.type,
      body: { limit: PAGE },
      thread: 'new',
    });
    if (asked.kind === 'unreachable') return asked;
    if (asked.kind === 'refused') return { kind: 'refused' };
    const page = asked.kind === 'reply' ? deliveredBy(asked.message) : [];
    if (page.length === 0) return { kind: 'drained' };
    const ids = await storeArrivals(ports, page);
    const [acknowledged] = await Promise.all([
      askMediator(ports, mediator, draftReceived(ids)),
      onStored(),
    ]);
    // Unacknowledged mail would come back at once, and again without end.
    if (acknowledged.kind === 'unreachable') return acknowledged;
    if (acknowledged.kind === 'refused') return { kind: 'refused' };
  }
}

/** The attachments of a delivery; none for a status or anything else. */
export const deliveredBy = (message: Message): NonNullable<Message['attachments']> =>
  message.type === Delivery.type ? (message.attachments ?? []) : [];

export const draftReceived = (attachmentIds: readonly string[]): Draft => ({
  type: MessagesReceived.type,
  body: { message_id_list: attachmentIds },
  thread: 'new',
});

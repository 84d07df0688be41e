import type { Message } from '../didcomm/plaintext.ts';
import {
  Delivery,
  DeliveryRequest,
  MessagesReceived,
  Status,
} from '../protocols/message-pickup/messages.ts';
import { waitForAll } from '../lib/promises.ts';
import { storeArrivals, type ArrivalPorts } from './arrivals.ts';
import { askMediator, type ControlOutcome, type ControlPorts } from './control.ts';
import type { ReadyMediator } from './mediators.ts';
import type { Draft } from '../didcomm/router.ts';

export type PickupPorts = ControlPorts & ArrivalPorts;

/** A page of the mailbox: small enough to be stored in one short transaction. */
const PAGE = 20;
/** So many pages at a stretch: what is to be sent must not wait for all of a long backlog. */
const MAX_PAGES = 25;

export type PickupOutcome =
  /** `more`: the mailbox may hold more. */
  | { readonly kind: 'drained' | 'more' | 'refused' }
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
  const acknowledged = new Set<string>();
  const acknowledgedSingly = new Set<string>();
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const asked = await askMediator(ports, mediator, {
      type: DeliveryRequest.type,
      body: { limit: PAGE },
      thread: 'new',
    });
    if (asked.kind === 'unreachable') return asked;
    const page = pageIn(asked);
    if (!page) return { kind: 'refused' };
    if (page.length === 0) return { kind: 'drained' };
    const ids = await storeArrivals(ports, page);
    // I26: some mediators take one id per message. Whose mail comes back even then takes none at all.
    if (ids.every((id) => acknowledgedSingly.has(id))) return { kind: 'refused' };
    const cameBack = ids.some((id) => acknowledged.has(id));
    const lists = cameBack ? ids.map((id) => [id]) : [ids];
    for (const id of ids) (cameBack ? acknowledgedSingly : acknowledged).add(id);
    const [failed] = await waitForAll([acknowledge(ports, mediator, lists), onStored()]);
    // Unacknowledged mail would come back at once, and again without end.
    if (failed) return failed;
  }
  return { kind: 'more' };
}

async function acknowledge(
  ports: PickupPorts,
  mediator: ReadyMediator,
  lists: readonly (readonly string[])[],
): Promise<PickupOutcome | undefined> {
  for (const ids of lists) {
    const asked = await askMediator(ports, mediator, draftReceived(ids));
    if (asked.kind === 'unreachable') return asked;
    if (!pageIn(asked)) return { kind: 'refused' };
  }
  return undefined;
}

/**
 * What lies in the answer: nothing when it is a status or empty (rules I27, I30).
 * @returns undefined when it is no answer to a request for mail, such as a problem report
 */
function pageIn(asked: ControlOutcome): NonNullable<Message['attachments']> | undefined {
  if (asked.kind === 'no-reply') return [];
  if (asked.kind !== 'reply') return undefined;
  const { type } = asked.message;
  return type === Delivery.type || type === Status.type ? deliveredBy(asked.message) : undefined;
}

/** The attachments of a delivery; none for a status or anything else. */
export const deliveredBy = (message: Message): NonNullable<Message['attachments']> =>
  message.type === Delivery.type ? (message.attachments ?? []) : [];

export const draftReceived = (attachmentIds: readonly string[]): Draft => ({
  type: MessagesReceived.type,
  body: { message_id_list: attachmentIds },
  thread: 'new',
});

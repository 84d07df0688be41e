import type { Attachment } from '../didcomm/plaintext.ts';
import {
  draftDeliveryRequest,
  draftReceived,
  mailIn,
} from '../protocols/message-pickup/recipient.ts';
import { waitForAll } from '../lib/promises.ts';
import { storeArrivals, type ArrivalPorts } from './arrivals.ts';
import {
  askMediator,
  MAX_DELIVERY_BYTES,
  type ControlOutcome,
  type ControlPorts,
} from './control.ts';
import { noteMediator, type ReadyMediator } from './mediators.ts';

export type PickupPorts = ControlPorts &
  ArrivalPorts & {
    /** Work that nobody waits for; the port tells of its failure. */
    readonly unattended: (work: Promise<unknown>) => void;
  };

/** A page of the mailbox: small enough to be stored in one short transaction. */
const PAGE = 20;
/** So many pages at a stretch: what is to be sent must not wait for all of a long backlog. */
const MAX_PAGES = 25;
/** Single acknowledgements on their way at once. */
const ACKS_AT_ONCE = 3;

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
  let { singleAck = false } = mediator;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const request = draftDeliveryRequest(mediator.pickup ?? '3.0', PAGE);
    const asked = await askMediator(ports, mediator, request, MAX_DELIVERY_BYTES);
    if (asked.kind === 'unreachable') return asked;
    const page = pageIn(asked);
    if (!page) return { kind: 'refused' };
    if (page.length === 0) return { kind: 'drained' };
    const ids = await storeArrivals(ports, page);
    if (ids.every((id) => acknowledgedSingly.has(id)))
      // Nobody waits for its acknowledgements; and whose mail comes back even so takes none at all.
      return { kind: mediator.noReplyToAck && ids.length > 0 ? 'drained' : 'refused' };
    // I26: some mediators take one id per message.
    if (!singleAck && ids.some((id) => acknowledged.has(id))) {
      singleAck = true;
      await noteMediator(ports, mediator.rowId, { singleAck });
    }
    const lists = singleAck ? ids.map((id) => [id]) : [ids];
    for (const id of ids) (singleAck ? acknowledgedSingly : acknowledged).add(id);
    const acknowledging = acknowledge(ports, mediator, lists);
    if (mediator.noReplyToAck && singleAck) {
      // I7: such a mediator holds each for seconds.
      ports.unattended(acknowledging);
      await onStored();
      continue;
    }
    const [failed] = await waitForAll([acknowledging, onStored()]);
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
  const version = mediator.pickup ?? '3.0';
  for (let next = 0; next < lists.length; next += ACKS_AT_ONCE) {
    const some = lists.slice(next, next + ACKS_AT_ONCE);
    const answers = await waitForAll(
      some.map((ids) => askMediator(ports, mediator, draftReceived(version, ids))),
    );
    for (const asked of answers) {
      if (asked.kind === 'unreachable') return asked;
      if (!pageIn(asked)) return { kind: 'refused' };
    }
    if (answers.some(({ kind }) => kind === 'no-reply')) await noteSilence(ports, mediator);
  }
  return undefined;
}

/** In 4.0 silence is the rule; in 3.0 it is worth knowing (rule I27). */
async function noteSilence(ports: PickupPorts, mediator: ReadyMediator): Promise<void> {
  if (mediator.pickup !== '4.0' && !mediator.noReplyToAck)
    await noteMediator(ports, mediator.rowId, { noReplyToAck: true });
}

/**
 * What lies in the answer: nothing when it is a status or empty (rules I27, I30).
 * @returns undefined when it is no answer to a request for mail, such as a problem report
 */
function pageIn(asked: ControlOutcome): readonly Attachment[] | undefined {
  if (asked.kind === 'no-reply') return [];
  return asked.kind === 'reply' ? mailIn(asked.message) : undefined;
}

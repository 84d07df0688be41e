import type { Did } from '../../did/did.ts';
import type { Attachment, Message } from '../../didcomm/plaintext.ts';
import { on, type Draft, type Route } from '../../didcomm/router.ts';
import { draftReport, notEnrolled, type Problem } from '../report-problem/messages.ts';
import {
  Delivery,
  DeliveryRequest,
  LiveDeliveryChange,
  MessagesReceived,
  Status,
  StatusRequest,
} from './messages.ts';

/** Most messages in one delivery, whatever was asked for. */
export const MAX_PAGE = 100;

export interface MailItem {
  /** Opaque; `messages-received` gives it back. */
  readonly id: string;
  readonly base64Url: string;
}

export interface MailboxStatus {
  readonly count: number;
  readonly bytes: number;
  /** Seconds since the epoch; absent when empty. */
  readonly oldestSeconds?: number;
  readonly newestSeconds?: number;
  readonly nowSeconds: number;
}

/** The inboxes of a mediator. `undefined` means that the sender has no account. */
export interface Mailbox {
  /** @param recipient counts only what was forwarded to this DID; a stranger's DID counts nothing */
  status(account: Did, recipient: string | undefined): Promise<MailboxStatus | undefined>;
  /** Oldest first; nothing is deleted. */
  fetch(
    account: Did,
    page: { readonly limit: number; readonly recipient: string | undefined },
  ): Promise<readonly MailItem[] | undefined>;
  /** Deletes what the account has; unknown ids are ignored. */
  remove(account: Did, ids: readonly string[]): Promise<'done' | undefined>;
}

/** A connection that can be written to at any time. */
export interface LiveSession {
  live(): boolean;
  /** @param changeId the thread that later deliveries belong to. @returns false: not on this connection */
  setLive(on: boolean, changeId: string): Promise<boolean>;
}

/** What the envelope proved, and the connection it came on when that outlives one answer. */
export interface PickupFacts {
  readonly sender: Did;
  readonly session: LiveSession | undefined;
}

export interface PickupPorts {
  readonly mailbox: Mailbox;
}

const LIVE_MODE_NOT_SUPPORTED: Problem = {
  code: 'e.m.live-mode-not-supported',
  comment: 'Connection does not support Live Delivery',
};

export const servePickup: readonly Route<PickupFacts, PickupPorts>[] = [
  on(StatusRequest, (request, facts: PickupFacts, ports: PickupPorts) =>
    status(request, request.body.recipient_did, facts, ports),
  ),

  on(DeliveryRequest, async (request, facts: PickupFacts, ports: PickupPorts) => {
    const { limit, recipient_did: recipient } = request.body;
    const items = await ports.mailbox.fetch(facts.sender, {
      limit: Math.min(limit, MAX_PAGE),
      recipient,
    });
    if (!items) return [draftReport(notEnrolled(facts.sender), request.id)];
    if (items.length === 0) return status(request, recipient, facts, ports);
    return [draftDelivery(items, recipient)];
  }),

  on(MessagesReceived, async (request, facts: PickupFacts, ports: PickupPorts) => {
    await ports.mailbox.remove(facts.sender, request.body.message_id_list);
    return status(request, undefined, facts, ports);
  }),

  on(LiveDeliveryChange, async (request, facts: PickupFacts, ports: PickupPorts) => {
    const mailbox = await ports.mailbox.status(facts.sender, undefined);
    if (mailbox && (await facts.session?.setLive(request.body.live_delivery, request.id)) !== true)
      return [draftReport(LIVE_MODE_NOT_SUPPORTED, request.id)];
    return status(request, undefined, facts, ports);
  }),
];

/** A page of mail, as the answer to a request or pushed in live mode. */
export const draftDelivery = (
  items: readonly MailItem[],
  recipient: string | undefined,
): Draft & { readonly attachments: readonly Attachment[] } => ({
  type: Delivery.type,
  body: recipient === undefined ? {} : { recipient_did: recipient },
  thread: 'same',
  attachments: items.map(({ id, base64Url }) => ({ id, data: { base64: base64Url } })),
});

async function status(
  request: Pick<Message, 'id'>,
  recipient: string | undefined,
  { sender, session }: PickupFacts,
  { mailbox }: PickupPorts,
): Promise<Draft[]> {
  const found = await mailbox.status(sender, recipient);
  if (!found) return [draftReport(notEnrolled(sender), request.id)];
  const { count, bytes, oldestSeconds, newestSeconds, nowSeconds } = found;
  const times =
    oldestSeconds === undefined || newestSeconds === undefined
      ? {}
      : {
          longest_waited_seconds: Math.max(0, nowSeconds - oldestSeconds),
          newest_received_time: newestSeconds,
          oldest_received_time: oldestSeconds,
          total_bytes: bytes,
        };
  const body = {
    ...(recipient === undefined ? {} : { recipient_did: recipient }),
    message_count: count,
    ...times,
    live_delivery: session?.live() ?? false,
  };
  return [{ type: Status.type, body, thread: 'same' }];
}

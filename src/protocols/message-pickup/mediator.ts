import type { Did } from '../../did/did.ts';
import { toSeconds } from '../../lib/clock.ts';
import type { Attachment, Message } from '../../didcomm/plaintext.ts';
import { on, type Draft, type Route } from '../../didcomm/router.ts';
import { draftReport, notEnrolled, type Problem } from '../report-problem/messages.ts';
import {
  DeliveryRequest,
  LiveDeliveryChange,
  MessagePickup4 as V4,
  MessagesReceived,
  StatusRequest,
} from './messages.ts';
import { pickupUri, type PickupVersion } from './uris.ts';

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
  /** Milliseconds since the epoch; absent when empty. */
  readonly oldestAt?: number;
  readonly newestAt?: number;
  readonly now: number;
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
  /**
   * @param changeId the thread that later deliveries belong to
   * @param version of the deliveries
   * @returns false: not on this connection
   */
  setLive(on: boolean, changeId: string, version: PickupVersion): Promise<boolean>;
}

/** What the envelope proved, and the connection it came on when that outlives one answer. */
export interface PickupFacts {
  readonly sender: Did;
  readonly session: LiveSession | undefined;
}

export interface PickupPorts {
  readonly mailbox: Mailbox;
}

/** Of a connection that ends with its answer, or belongs to somebody else. */
export const LIVE_MODE_NOT_SUPPORTED: Problem = {
  code: 'e.m.live-mode-not-supported',
  comment: 'Connection does not support Live Delivery',
};

/** Both versions, over the same inboxes. */
export const servePickup: readonly Route<PickupFacts, PickupPorts>[] = [
  on(StatusRequest, (request, facts: PickupFacts, ports: PickupPorts) =>
    status(request, '3.0', request.body.recipient_did, facts, ports),
  ),
  on(V4.statusRequest, (request, facts: PickupFacts, ports: PickupPorts) =>
    status(request, '4.0', request.body.recipient_did, facts, ports),
  ),

  on(DeliveryRequest, async (request, facts: PickupFacts, ports: PickupPorts) => {
    const { limit, recipient_did: recipient } = request.body;
    const items = await page(limit, recipient, facts, ports);
    return items && items.length > 0
      ? [draftDelivery(items, recipient, '3.0')]
      : status(request, '3.0', recipient, facts, ports);
  }),
  on(V4.deliveryRequest, async (request, facts: PickupFacts, ports: PickupPorts) => {
    const { message_count_limit: limit, recipient_did: recipient } = request.body;
    const items = await page(limit, recipient, facts, ports);
    return items ? [draftDelivery(items, recipient, '4.0')] : [stranger(request, '4.0', facts)];
  }),

  on(MessagesReceived, async (request, facts: PickupFacts, ports: PickupPorts) => {
    await ports.mailbox.remove(facts.sender, request.body.message_id_list);
    return status(request, '3.0', undefined, facts, ports);
  }),
  on(V4.messagesReceived, async (request, facts: PickupFacts, ports: PickupPorts) => {
    const removed = await ports.mailbox.remove(facts.sender, request.body.message_id_list);
    return removed ? [] : [stranger(request, '4.0', facts)];
  }),

  on(LiveDeliveryChange, (request, facts: PickupFacts, ports: PickupPorts) =>
    changeLive(request, request.body.live_delivery, '3.0', facts, ports),
  ),
  on(V4.liveDeliveryChange, (request, facts: PickupFacts, ports: PickupPorts) =>
    changeLive(request, request.body.live_delivery, '4.0', facts, ports),
  ),
];

const page = (
  limit: number,
  recipient: string | undefined,
  { sender }: PickupFacts,
  { mailbox }: PickupPorts,
): ReturnType<Mailbox['fetch']> =>
  mailbox.fetch(sender, { limit: Math.min(limit, MAX_PAGE), recipient });

/** 4.0 has reports of a type of its own; 3.0 uses that of report-problem. */
function draftProblem(problem: Problem, request: Pick<Message, 'id'>, version: PickupVersion) {
  const report = draftReport(problem, request.id);
  return version === '4.0' ? { ...report, type: V4.report.type } : report;
}

const stranger = (request: Pick<Message, 'id'>, version: PickupVersion, facts: PickupFacts) =>
  draftProblem(notEnrolled(facts.sender), request, version);

/** A page of mail, as the answer to a request or pushed in live mode. */
export const draftDelivery = (
  items: readonly MailItem[],
  recipient: string | undefined,
  version: PickupVersion,
): Draft & { readonly attachments: readonly Attachment[] } => ({
  type: pickupUri(version, 'delivery'),
  body: recipient === undefined ? {} : { recipient_did: recipient },
  thread: 'same',
  attachments: items.map(({ id, base64Url }) => ({ id, data: { base64: base64Url } })),
});

async function changeLive(
  request: Pick<Message, 'id'>,
  on: boolean,
  version: PickupVersion,
  facts: PickupFacts,
  ports: PickupPorts,
): Promise<Draft[]> {
  const mailbox = await ports.mailbox.status(facts.sender, undefined);
  if (mailbox && (await facts.session?.setLive(on, request.id, version)) !== true)
    return [draftProblem(LIVE_MODE_NOT_SUPPORTED, request, version)];
  return status(request, version, undefined, facts, ports);
}

async function status(
  request: Pick<Message, 'id'>,
  version: PickupVersion,
  recipient: string | undefined,
  facts: PickupFacts,
  { mailbox }: PickupPorts,
): Promise<Draft[]> {
  const { sender, session } = facts;
  const found = await mailbox.status(sender, recipient);
  if (!found) return [stranger(request, version, facts)];
  const body = {
    ...(recipient === undefined ? {} : { recipient_did: recipient }),
    message_count: found.count,
    ...times(found, version),
    live_delivery: session?.live() ?? false,
  };
  return [{ type: pickupUri(version, 'status'), body, thread: 'same' }];
}

/** Seconds in 3.0, milliseconds in 4.0, which leaves the waiting to be worked out. */
function times({ bytes, oldestAt, newestAt, now }: MailboxStatus, version: PickupVersion): object {
  if (oldestAt === undefined || newestAt === undefined) return {};
  if (version === '4.0')
    return { newest_received_time: newestAt, oldest_received_time: oldestAt, total_bytes: bytes };
  const oldestSeconds = toSeconds(oldestAt);
  return {
    longest_waited_seconds: Math.max(0, toSeconds(now) - oldestSeconds),
    newest_received_time: toSeconds(newestAt),
    oldest_received_time: oldestSeconds,
    total_bytes: bytes,
  };
}

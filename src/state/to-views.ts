import {
  ContactPayload,
  MessagePayload,
  type ChatRow,
  type ContactRow,
  type MessageRow,
} from '../storage/queries.ts';
import { contactName } from '../services/contact-name.ts';
import { isAgent, isOpen, readsTexts } from '../services/contact-state.ts';
import type { CodeRefusal } from '../services/intents.ts';
import type { OpenSession } from './session.ts';
import type { ChatRowView, CodeFault, ContactView, FailureReason, MessageView } from './views.ts';

/** Undefined for a row that cannot be opened: damaged, or written by a newer version. */
export async function contactView(
  { openRow }: OpenSession,
  row: ContactRow,
): Promise<ContactView | undefined> {
  const payload = await openRow(ContactPayload, 'contacts', row);
  return (
    payload && {
      id: row.id,
      name: contactName(payload),
      claimedName: payload.claimedName || undefined,
      state: row.state,
      agent: isAgent(payload),
      ...invitedView(row, payload),
      isEnded: !isOpen(row.state) && row.state !== 'asking',
      isWritable:
        isOpen(row.state) && !payload.blocked && !payload.unmet?.fault && readsTexts(payload),
      unmet: payload.unmet && (payload.unmet.fault ?? 'yet'),
      muted: payload.muted === true,
      blocked: payload.blocked === true,
      verified: payload.verified,
      madeAt: payload.madeAt,
    }
  );
}

/** Who was going to answer has done so by then (interop: "after 10 s without answer"). */
const ANSWER_MS = 10_000;

const invitedView = (
  { state }: ContactRow,
  { invited, madeAt }: ContactPayload,
): Pick<ContactView, 'invited'> =>
  state === 'connecting' && invited
    ? {
        invited: {
          endsAt: invited.endsAt,
          otherWayAt: invited.otherWay && madeAt + ANSWER_MS,
        },
      }
    : {};

export async function messageView(
  { openRow }: OpenSession,
  row: MessageRow,
): Promise<MessageView | undefined> {
  const payload = await openRow(MessagePayload, 'messages', row);
  return (
    payload && {
      id: row.id,
      mine: payload.mine,
      text: payload.text,
      at: payload.at,
      delivery: row.st === 'unread' || row.st === 'read' ? undefined : row.st,
      failure: failureOf(row.why),
      report: payload.report,
      expired: payload.expired === true,
    }
  );
}

const FAILURES: readonly FailureReason[] = [
  'no-route',
  'not-found',
  'mailbox-full',
  'refused',
  'login',
  'reported',
  'void',
  'ended',
];
const failureOf = (why: string | undefined): FailureReason | undefined =>
  FAILURES.find((reason) => reason === why);

export async function chatRowView(
  session: OpenSession,
  { contact, last, unread }: ChatRow,
): Promise<ChatRowView | undefined> {
  const view = await contactView(session, contact);
  const message = last && (await messageView(session, last));
  return view && { contact: view, last: message, at: message?.at ?? view.madeAt, unread };
}

export const isPresent = <T>(value: T | undefined): value is T => value !== undefined;

/** The same kinds, in the words of the screens. */
export const codeFault = (refusal: CodeRefusal): CodeFault => refusal;

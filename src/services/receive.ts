import { cleanDisplayName } from '../lib/display-name.ts';
import { isSameId, newRowId } from '../lib/ids.ts';
import type { Dispatched, Draft } from '../didcomm/router.ts';
import { isReport } from '../protocols/report-problem/types.ts';
import type { RequestToAnswer } from '../protocols/mercury-connections/inviter.ts';
import type { ContactPayload, MessagePayload } from '../storage/payloads.ts';
import type { InboxRow, ReceiptRow } from '../storage/schema.ts';
import { blindMessageId, correspondenceOf, sealMessage } from './chat.ts';
import { changedAddress, sealContact } from './contacts.ts';
import type { Effects } from './effects.ts';
import type { Judgement } from './judgement.ts';
import { myName } from './my-name.ts';
import { FEATURES_VERSION } from './features-version.ts';
import type { Settled, Start } from './newcomers.ts';
import { packForContact, type Outgoing } from './outbox.ts';
import type { Answer, ReportBudget } from './report-budget.ts';
import { dispatchToContact, type ContactPorts } from './wallet-router.ts';
import type { Wallet } from './wallet.ts';
import { isOpen, isAgent, readsTexts } from './contact-state.ts';

/** What the handlers of one message asked for, before it is sealed. */
interface Asked {
  readonly texts: Pick<MessagePayload, 'messageId' | 'text'>[];
  readonly delivered: string[];
  payload: ContactPayload;
  report?: { readonly messageIds: readonly string[]; readonly comment: string };
  disclosed?: readonly string[];
  request?: RequestToAnswer;
  connected?: boolean;
  refused?: boolean;
}

type Accepted = Extract<Judgement, { kind: 'contact' | 'newcomer' }>;

/**
 * Works out everything that an accepted message changes. Reads, packs and seals; writes nothing.
 * @param reports what each contact may still get of problem reports
 */
export async function effectsOf(
  wallet: Wallet,
  inboxRow: InboxRow,
  accepted: Accepted,
  reports: ReportBudget,
): Promise<Effects> {
  const start = await noteKidForm(await startingPoint(wallet, accepted), accepted);
  const asked: Asked = { texts: [], delivered: [], payload: start.payload };
  const { message } = accepted.inbound;
  const name = await myName(wallet);
  const ports = portsOf(asked, name);
  const dispatched = start.payload.blocked ? UNHEARD : await dispatchToContact(message, ports);
  const acks =
    dispatched !== UNHEARD && (message.ack ?? message.please_ack) !== undefined
      ? await import('./acks.ts')
      : undefined;
  acks?.noteAcks(message, ports);
  if (asked.disclosed)
    asked.payload = (await import('./features.ts')).disclosed(asked.payload, asked.disclosed);
  const mayReply = (await queuedFor(wallet, start.contactId)) < MAX_QUEUED;
  const mayReport = (): Answer =>
    mayReply && !isAgent(asked.payload) ? reports.spend(start.contactId) : 'none';
  const drafts = await repliesTo(dispatched, message, mayReport);
  const given = acks ? await acks.withAck(wallet, accepted, drafts) : drafts;
  const replies: Outgoing[] = (mayReply ? given : []).map((draft) => ({
    draft,
    inReplyTo: message,
  }));
  const { contact, said } =
    start.rev === 0
      ? await (await newcomers()).meet(wallet, start, asked, replies)
      : { contact: settle(start, asked), said: replies };
  // Nobody hears from us before the person let them in (rule R37).
  const outgoing = isOpen(contact.state) ? said : [];
  const isAsked = contact.payload.asked?.version === FEATURES_VERSION;
  const question = isAsked ? undefined : (await import('./features.ts')).questionFor(contact);
  const row = await sealContact(
    wallet.vault,
    start.contactId,
    contact.state,
    question ? { ...contact.payload, asked: question.asked } : contact.payload,
    start.rev + 1,
  );
  const outbox = await packForContact(
    wallet,
    {
      ...correspondenceOf({ row, payload: contact.payload }),
      ...(contact.sender ? { sender: contact.sender } : {}),
    },
    question ? [...outgoing, question.outgoing] : outgoing,
  );
  return {
    inbox: inboxRow,
    dedupe: { h: accepted.dedupeHash, exp: wallet.clock.now() + DEDUPE_MS },
    contact: row,
    basedOnRev: start.rev === 0 ? undefined : start.rev,
    messages: await Promise.all(
      asked.texts.map((text) =>
        sealMessage(wallet, start.contactId, 'unread', incoming(wallet, text)),
      ),
    ),
    deliveredHashes: await Promise.all(
      asked.delivered.map((messageId) => blindMessageId(wallet, { mine: true, messageId })),
    ),
    reported: asked.report
      ? await (
          await import('./reported.ts')
        ).reportedMessages(wallet, start.contactId, asked.report)
      : [],
    receipts: await receiptRows(wallet, start.contactId, asked),
    outbox,
    silent: contact.payload.muted === true,
    keys: contact.keyRows,
    jobs: contact.jobs,
    ...(accepted.kind === 'newcomer'
      ? { answers: await (await newcomers()).answered(wallet, accepted.invitation) }
      : {}),
  };
}

/** Longer than any mediator keeps mail (security.md T10). */
export const DEDUPE_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * A contact whose mailbox takes nothing gets no more replies than this to wait for it: who asks without end
 * must not fill this device.
 */
const MAX_QUEUED = 200;

const queuedFor = ({ db }: Wallet, contactId: string): Promise<number> =>
  db.outbox.where('lane').equals(contactId).count();

const newcomers = () => import('./newcomers.ts');

async function startingPoint(wallet: Wallet, accepted: Accepted): Promise<Start> {
  if (accepted.kind === 'newcomer') return (await newcomers()).startOf(wallet, accepted);
  const { row, payload } = accepted.contact;
  return {
    contactId: row.id,
    rev: row.rev,
    state: row.state,
    payload: followTheirMove(
      noteOurMoveSeen(payload, accepted.myDid, wallet.clock.now()),
      accepted,
    ),
  };
}

/** I3: older peers know their own keys by other ids, and are addressed by those. */
async function noteKidForm(start: Start, { inbound, senderDid }: Accepted): Promise<Start> {
  const { kidForm: _, ...payload } = start.payload;
  const kid = inbound.senderKid ?? '';
  // As nearly everybody writes them.
  if (/#key-\d+$/.test(kid)) return { ...start, payload };
  const form = await (await import('./kid-form.ts')).kidFormOf(senderDid, kid);
  return { ...start, payload: form ? { ...payload, kidForm: form } : payload };
}

/** What they sent to our old DID before they heard of the move may still be on its way. */
const PRIORS_MS = 24 * 60 * 60 * 1000;

/** R19: they wrote to our new DID, so they know of the move. */
function noteOurMoveSeen(payload: ContactPayload, addressed: string, now: number): ContactPayload {
  if (addressed !== payload.myDid || payload.fromPrior === undefined) return payload;
  const { fromPrior: _, ...rest } = payload;
  return { ...rest, priorsUntilAt: now + PRIORS_MS };
}

/** Mail from before a move is not that many moves late; a row must not grow with every one. */
const MAX_PRIORS = 30;

function followTheirMove(payload: ContactPayload, accepted: Accepted): ContactPayload {
  if (accepted.kind !== 'contact' || !accepted.moved) return payload;
  const { rotation } = accepted.inbound;
  return {
    ...changedAddress(payload),
    theirDid: accepted.senderDid,
    theirPriorDids: [payload.theirDid, ...payload.theirPriorDids].slice(0, MAX_PRIORS),
    ...(rotation ? { rotatedSeconds: rotation.issuedAtSeconds } : {}),
  };
}

function asConnected({ invited: _, ...payload }: ContactPayload): ContactPayload {
  return payload;
}

/** Somebody whose invitation we answered is connected by whatever they say but that it is over. */
function settle({ state }: Start, { payload, refused, connected }: Asked): Settled {
  const stay: Settled = { state, payload, keyRows: [], jobs: [] };
  if (state !== 'connecting' && state !== 'void') return stay;
  if (refused) return { ...stay, state: 'void' };
  return connected || !isAgent(payload)
    ? { ...stay, state: 'connected', payload: asConnected(payload) }
    : stay;
}

function portsOf(asked: Asked, name: string): ContactPorts {
  return {
    myName: name,
    keepText: ({ messageId, text }) => {
      asked.texts.push({ messageId, text });
      // Who writes can be written to.
      if (!readsTexts(asked.payload)) asked.payload = { ...asked.payload, peerClass: 'basic' };
    },
    markDelivered: (messageId) => asked.delivered.push(messageId),
    setClaimedName: (claimed) => {
      asked.payload = { ...asked.payload, claimedName: cleanDisplayName(claimed) };
    },
    setWantsReceived: (wantsReceived) => {
      asked.payload = { ...asked.payload, wantsReceived };
    },
    noteReport: (messageIds, comment, refused) => {
      asked.report = { messageIds, comment };
      asked.refused = refused && messageIds.includes(asked.payload.invitationId); // R23
    },
    noteDisclosures: (threadId, ids) => {
      // R23: an answer counts to the last question only; what is told unasked is no answer.
      if (threadId === undefined || isSameId(threadId, asked.payload.asked?.id))
        asked.disclosed = ids;
    },
    noteRequest: (request) => {
      asked.request = request;
    },
    noteConnected: (threadId) => {
      asked.connected = isSameId(threadId, asked.payload.invitationId); // R23
    },
  };
}

/** Of a contact that the person does not want to hear. */
const UNHEARD: Dispatched = { kind: 'handled', drafts: [] };

async function repliesTo(
  dispatched: Dispatched,
  message: Accepted['inbound']['message'],
  mayReport: () => Answer,
): Promise<readonly Draft[]> {
  if (dispatched.kind === 'handled') return dispatched.drafts;
  // A report is never answered with a report (rule R28).
  const answer = isReport(message) ? 'none' : mayReport();
  if (answer === 'none') return [];
  return [(await import('./problem-reply.ts')).problemReply(dispatched, message, answer)];
}

/** To be confirmed, if the contact asked for it; many are told together (receipts.ts). */
const receiptRows = (wallet: Wallet, contactId: string, asked: Asked): Promise<ReceiptRow[]> =>
  Promise.all(
    (asked.payload.wantsReceived ? asked.texts : []).map(async ({ messageId }) => {
      const id = newRowId();
      return { id, c: contactId, x: await wallet.vault.seal('receipts', id, { messageId }) };
    }),
  );

const incoming = (
  wallet: Wallet,
  text: Pick<MessagePayload, 'messageId' | 'text'>,
): MessagePayload => ({ ...text, mine: false, at: wallet.clock.now() });

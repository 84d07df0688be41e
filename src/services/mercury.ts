import type { RequestToAnswer } from '../protocols/mercury-connections/inviter.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import { mercuryClassOf } from './mercury-class.ts';

// What the service worker needs only when an Identus agent answers: a part of its own.

export { noteResponses } from '../protocols/mercury-connections/invitee.ts';
export { answerRequests } from '../protocols/mercury-connections/inviter.ts';

/** A newcomer who came with a Mercury request. Both sides keep their DIDs, so nobody moves away (rule I38). */
export const metByRequest = async (
  payload: ContactPayload,
  { thid, pthid, goals }: RequestToAnswer,
  letIn: boolean,
): Promise<ContactPayload> => ({
  ...payload,
  peerClass: await mercuryClassOf(payload),
  ...(letIn ? {} : { toAnswer: { thid, goals, ...(pthid === undefined ? {} : { pthid }) } }),
});

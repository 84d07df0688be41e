import { on, type Draft } from '../../didcomm/router.ts';
import type { OobInvitation } from '../out-of-band/messages.ts';
import { ConnectionResponse, type Goals } from './messages.ts';
import { CONNECTION_REQUEST } from './types.ts';

export interface InviteePorts {
  /** @param threadId the invitation's id, if the response answers a request of ours */
  noteConnected(threadId: string | undefined): void;
}

/**
 * Whether an invitation wants to be answered by a request of this protocol (rule I37). Identus cloud agents name
 * one of two goal codes, or none beside an empty `accept`.
 */
export function wantsConnectionRequest({
  goalCode,
  goal = '',
  accept,
}: Pick<OobInvitation, 'goalCode' | 'goal' | 'accept'>): boolean {
  if (goalCode === undefined) return accept?.length === 0 || /mercury/i.test(goal);
  return /\b(identus|atalaprism)\.connect$|mercury/i.test(goalCode);
}

export const goalsOf = ({ goalCode, goal, accept }: OobInvitation): Goals => ({
  ...(goalCode === undefined ? {} : { goal_code: goalCode }),
  ...(goal === undefined ? {} : { goal }),
  ...(accept === undefined ? {} : { accept: [...accept] }),
});

/**
 * The agent looks its record up by `thid`, so the request stands in the invitation's own thread, and names it
 * as its parent as well: `thid` = `pthid` = invitation id.
 */
export const draftRequest = (invitationId: string, goals: Goals): Draft => ({
  type: CONNECTION_REQUEST,
  body: goals,
  thread: 'new',
  headers: { thid: invitationId, pthid: invitationId },
});

export const noteResponses = on<typeof ConnectionResponse, unknown, InviteePorts>(
  ConnectionResponse,
  ({ thid }, _facts, ports) => {
    ports.noteConnected(thid);
    return [];
  },
);

import { on, type Draft } from '../../didcomm/router.ts';
import { ConnectionRequest, type Goals } from './messages.ts';
import { CONNECTION_RESPONSE } from './types.ts';

/** A request, as much of it as its response repeats. */
export interface RequestToAnswer {
  readonly thid: string;
  readonly pthid?: string | undefined;
  readonly goals: Goals;
}

export interface InviterPorts {
  noteRequest(request: RequestToAnswer): void;
}

/** Answers at once; whether the answer may leave before the person said yes is for the caller to know. */
export const answerRequests = on<typeof ConnectionRequest, unknown, InviterPorts>(
  ConnectionRequest,
  ({ id, thid = id, pthid, body }, _facts, ports) => {
    const request = { thid, pthid, goals: body };
    ports.noteRequest(request);
    return [draftResponse(request)];
  },
);

export const draftResponse = ({ thid, pthid, goals }: RequestToAnswer): Draft => ({
  type: CONNECTION_RESPONSE,
  body: goals,
  thread: 'new',
  headers: { thid, ...(pthid === undefined ? {} : { pthid }) },
});

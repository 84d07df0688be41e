import type { Message } from '../didcomm/plaintext.ts';
import type { Dispatched, Draft } from '../didcomm/router.ts';
import {
  draftReport,
  malformedMessage,
  tooManyErrors,
  unsupportedMessage,
} from '../protocols/report-problem/messages.ts';
import type { Answer } from './report-budget.ts';

/** Tells a contact what is wrong with its message, or that no more of this will be told. */
export function problemReply(
  dispatched: Exclude<Dispatched, { kind: 'handled' }>,
  { id, type }: Pick<Message, 'id' | 'type'>,
  answer: Exclude<Answer, 'none'>,
): Draft {
  if (answer === 'last') return draftReport(tooManyErrors, id);
  const problem =
    dispatched.kind === 'unsupported'
      ? unsupportedMessage(type)
      : malformedMessage(type, dispatched.detail);
  return draftReport(problem, id);
}

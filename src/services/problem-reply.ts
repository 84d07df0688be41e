import type { Message } from '../didcomm/plaintext.ts';
import type { Dispatched, Draft } from '../didcomm/router.ts';
import {
  draftReport,
  malformedMessage,
  tooManyErrors,
  unsupportedMessage,
} from '../protocols/report-problem/messages.ts';
import type { Answer } from './report-budget.ts';

/** What it wrote is said back only so far: a report must always find room in an envelope. */
const MAX_QUOTED = 500;

/** Tells a contact what is wrong with its message, or that no more of this will be told. */
export function problemReply(
  dispatched: Exclude<Dispatched, { kind: 'handled' }>,
  { id, type }: Pick<Message, 'id' | 'type'>,
  answer: Exclude<Answer, 'none'>,
): Draft {
  if (answer === 'last') return draftReport(tooManyErrors, id);
  const problem =
    dispatched.kind === 'unsupported'
      ? unsupportedMessage(type.slice(0, MAX_QUOTED))
      : malformedMessage(type, dispatched.detail.slice(0, MAX_QUOTED));
  return draftReport(problem, id);
}

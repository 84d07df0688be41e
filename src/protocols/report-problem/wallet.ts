import { on } from '../../didcomm/router.ts';
import { ProblemReport } from './messages.ts';
import { INVITATION_OVER } from './invitation-over.ts';

export interface ReportPorts {
  /**
   * A contact says that something went wrong.
   * @param messageIds ids that the report names: what it answers, and the thread it is about
   * @param comment with its arguments in place; the contact's own words
   * @param refused the invitation that was answered lets nobody in any more
   */
  noteReport(messageIds: readonly string[], comment: string, refused: boolean): void;
}

/** A contact's report is told to the person where it is about their words, and never answered (rule R28). */
export const noteReports = on<typeof ProblemReport, unknown, ReportPorts>(
  ProblemReport,
  ({ body, ack, pthid, thid }, _facts, ports) => {
    // A warning changes nothing.
    if (!body.code.startsWith('e')) return [];
    const named = [...(typeof ack === 'string' ? [ack] : (ack ?? [])), pthid, thid];
    const ids = named.filter((id) => id !== undefined).slice(0, MAX_IDS);
    const refused = body.code.startsWith(INVITATION_OVER);
    ports.noteReport(ids, interpolate(body.comment ?? body.code, body.args), refused);
    return [];
  },
);

const MAX_IDS = 20;
/** A report is a line to be shown: arguments put in many times must not grow beyond all memory. */
const MAX_COMMENT = 1_000;
const MAX_ARGS = 20;
const MAX_ARG = 200;

/**
 * Puts the arguments into a comment (messaging spec, "Problem Reports": `{1}` is the first; "?" for one that
 * is missing; what is left over comes after, separated by commas).
 */
export function interpolate(comment: string, args: readonly string[]): string {
  const used = new Set<number>();
  const shown = args.slice(0, MAX_ARGS).map((arg) => arg.slice(0, MAX_ARG));
  const filled = comment.slice(0, MAX_COMMENT).replace(/\{(\d{1,3})\}/g, (_, digits: string) => {
    const at = Number(digits) - 1;
    used.add(at);
    return shown[at] ?? '?';
  });
  return [filled, ...shown.filter((_, at) => !used.has(at))].join(', ');
}

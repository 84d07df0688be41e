import { on } from '../../didcomm/router.ts';
import { ProblemReport } from './messages.ts';

/** A contact's report changes nothing by itself, and is never answered with a report (rule R28). */
export const noteReports = on<typeof ProblemReport, unknown, unknown>(ProblemReport, () => []);

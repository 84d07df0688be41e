import * as v from 'valibot';
import { message } from '../../didcomm/message-type.ts';
import type { Draft } from '../../didcomm/router.ts';
import { PROBLEM_REPORT } from './types.ts';

/** report-problem 2.0 (messaging spec, "Problem Reports"). Arguments are read as text, whatever they are. */
export const ProblemReport = message(
  PROBLEM_REPORT,
  v.object({
    code: v.string(),
    comment: v.nullish(v.string()),
    args: v.nullish(
      v.array(
        v.pipe(
          v.unknown(),
          v.transform((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))),
        ),
      ),
      [],
    ),
  }),
);

/** Sorter, scope and descriptors, from wide to narrow. */
export type ProblemCode = `${'e' | 'w'}.${'p' | 'm'}.${string}`;

export interface Problem {
  readonly code: ProblemCode;
  /** English, with `{1}` for the first argument. */
  readonly comment: string;
  readonly args?: readonly string[];
}

/** What a stranger wrote is said back only so far: a report must always find room in an envelope. */
const MAX_ARGUMENT = 500;

/** A report on one message: its thread becomes the parent (`pthid`), its id is acknowledged. */
export const draftReport = (problem: Problem, offenderId: string): Draft => ({
  type: ProblemReport.type,
  body: {
    code: problem.code,
    comment: problem.comment,
    args: (problem.args ?? []).map((arg) => arg.slice(0, MAX_ARGUMENT)),
  },
  thread: 'child',
  headers: { ack: [offenderId] },
});

/** The last report to somebody who causes too many; then their threads are answered no more (rule R28). */
export const tooManyErrors: Problem = {
  code: 'e.p.req.max-errors-exceeded',
  comment: 'Too many messages could not be understood.',
};

/** The words of the Identus mediator, so that its clients know them. */
export const notEnrolled = (did: string): Problem => ({
  code: 'e.p.req.not_enroll',
  comment: "The DID '{1}' is not enroled.",
  args: [did],
});

/** A known type with a bad body; the code carries the type, as the conformance suite has it. */
export const malformedMessage = (type: string, detail: string): Problem => ({
  code: `e.p.msg.${type}`,
  comment: 'The message is malformed: {1}',
  args: [detail],
});

export const unsupportedMessage = (type: string): Problem => ({
  code: 'e.p.msg.unsupported',
  comment: "The message type '{1}' is not supported.",
  args: [type],
});

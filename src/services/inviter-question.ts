import * as v from 'valibot';

/**
 * Asked by a page that has no wallet yet, on a port of its own. The answer is the name as claimed, '' when none is
 * to be had, or null when the invitation is over.
 */
export const InviterQuestion = v.object({ type: v.literal('inviter'), link: v.string() });
export type InviterQuestion = v.InferOutput<typeof InviterQuestion>;

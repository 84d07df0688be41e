import { didOf } from '../../did/did.ts';
import { on, type Draft, type Route } from '../../didcomm/router.ts';
import {
  draftReport,
  malformedMessage,
  notEnrolled,
  type Problem,
} from '../report-problem/messages.ts';
import { Forward } from './messages.ts';
import { forwardedEnvelopes } from './unwrap.ts';

export interface Relay {
  /**
   * Keeps the envelopes for whoever registered `next`; resolves only when they are on disk.
   * @param expiresSeconds the sender's wish, seconds since the epoch; may only shorten the stay
   */
  keep(
    next: string,
    envelopes: readonly string[],
    expiresSeconds: number | undefined,
  ): Promise<Kept>;
}

/** What became of a forward: `unknown` when nobody registered its `next`. */
export type Kept = 'kept' | 'unknown' | 'full' | 'too-big';

export interface RelayPorts {
  readonly relay: Relay;
  /** Most envelopes in one forward; no more than `MAX_FORWARDED`. */
  readonly most?: number;
}

export const INBOX_FULL: Problem = {
  code: 'e.p.me.res.storage.quota',
  comment: 'The inbox of the recipient is full.',
};
export const TOO_BIG: Problem = {
  code: 'e.p.me.res.storage.message_too_big',
  comment: 'The message is too big.',
};

/** Forwards from anybody, also anonymous. What is kept is answered by nothing. */
export const serveForwards: Route<unknown, RelayPorts> = on(
  Forward,
  async (forward, _facts: unknown, { relay, most }: RelayPorts): Promise<Draft[]> => {
    const report = (problem: Problem): Draft[] => [draftReport(problem, forward.id)];
    const next = didOf(forward.body.next);
    const forwarded = forwardedEnvelopes(forward.attachments, most);
    if (next === undefined) return report(malformedMessage(Forward.type, 'next: not a DID'));
    if (forwarded.kind === 'malformed')
      return report(malformedMessage(Forward.type, forwarded.detail));
    const kept = await relay.keep(next, forwarded.envelopes, forward.expires_time);
    return answerToForward(kept, forward.id, forward.body.next);
  },
);

/** What is kept is answered by nothing. @param next as the sender wrote it */
export function answerToForward(kept: Kept, forwardId: string, next: string): Draft[] {
  const report = (problem: Problem): Draft[] => [draftReport(problem, forwardId)];
  switch (kept) {
    case 'kept':
      return [];
    case 'unknown':
      return report(notEnrolled(next));
    case 'full':
      return report(INBOX_FULL);
    case 'too-big':
      return report(TOO_BIG);
  }
}

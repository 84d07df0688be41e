import * as v from 'valibot';
import type { Message } from '../../didcomm/plaintext.ts';
import { on, type Draft } from '../../didcomm/router.ts';
import { Disclose, Queries } from './messages.ts';

/** Asks whether these protocols are spoken, each by its exact name. */
export const draftProtocolQueries = (protocols: readonly string[]): Draft => ({
  type: Queries.type,
  body: { queries: protocols.map((match) => ({ 'feature-type': 'protocol', match })) },
  thread: 'new',
});

/** The protocols that a disclosure names; none when it is no disclosure. */
export function protocolsIn({ type, body }: Message): readonly string[] {
  const parsed = type === Disclose.type ? v.safeParse(Disclose.body, body) : undefined;
  const disclosures = parsed?.success ? parsed.output.disclosures : [];
  return disclosures.flatMap((one) => (one['feature-type'] === 'protocol' ? [one.id] : []));
}

export interface DisclosurePorts {
  /** @param threadId of the question that is answered; undefined for what is told unasked */
  noteDisclosures(threadId: string | undefined, protocols: readonly string[]): void;
}

export const noteDisclosures = on<typeof Disclose, unknown, DisclosurePorts>(
  Disclose,
  (message, _facts, ports) => {
    const { id, thid } = message;
    ports.noteDisclosures(thid === id ? undefined : thid, protocolsIn(message));
    return [];
  },
);

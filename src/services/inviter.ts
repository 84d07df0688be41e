import * as v from 'valibot';
import { parseInvitation } from '../protocols/out-of-band/parse.ts';
import { fetchTransport } from '../transport/http.ts';
import { fetchOne, type AskPorts } from './fetch-codes.ts';
import { invitationName } from './invitation-name.ts';
import { InviterQuestion } from './inviter-question.ts';

/**
 * Who an opened link says it is from, while there is no wallet yet to keep it in. Asks nobody but the app's own
 * server, and that only for what a short link of its own leads to.
 * @returns the name as claimed; '' when none is to be had; null when the invitation is over
 */
export async function inviterIn(ports: AskPorts, text: string): Promise<string | null> {
  const now = Date.now();
  let parsed = parseInvitation(text, now);
  if (parsed.kind === 'short-link' && new URL(parsed.origin).origin === ports.ownOrigin) {
    const fetched = await fetchOne(ports, parsed);
    if (fetched.kind === 'text') parsed = parseInvitation(fetched.content.text, now);
    if (fetched.kind === 'failed' && fetched.why === 'withdrawn') return null;
  }
  if (parsed.kind === 'expired') return null;
  return parsed.kind === 'ok' ? invitationName(parsed.invitation) : '';
}

/** Answers a page that asks; anything else that comes with a port is not for us. */
export async function answer(
  data: unknown,
  port: Pick<MessagePort, 'postMessage'>,
  ownOrigin: string,
): Promise<void> {
  const asked = v.safeParse(InviterQuestion, data);
  if (!asked.success) return;
  port.postMessage(await inviterIn({ http: fetchTransport, ownOrigin }, asked.output.link));
}

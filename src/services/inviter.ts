import { parseInvitation } from '../protocols/out-of-band/parse.ts';
import { fetchOne, type AskPorts } from './fetch-codes.ts';
import { invitationName } from './invitation-name.ts';

/**
 * Who an opened link says it is from, while there is no wallet yet to keep it in. Asks nobody but the app's own
 * server, and that only for what a short link of its own leads to.
 * @returns the name as claimed; '' when none is to be had
 */
export async function inviterIn(ports: AskPorts, text: string): Promise<string> {
  const now = Date.now();
  let parsed = parseInvitation(text, now);
  if (parsed.kind === 'short-link' && new URL(parsed.origin).origin === ports.ownOrigin) {
    const fetched = await fetchOne(ports, parsed);
    if (fetched.kind === 'text') parsed = parseInvitation(fetched.content.text, now);
  }
  return parsed.kind === 'ok' ? invitationName(parsed.invitation) : '';
}

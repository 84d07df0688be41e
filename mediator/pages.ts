import { newMessageId } from '../src/lib/ids.ts';
import type { Page } from './app.ts';
import type { Identity } from './identity.ts';
import { invitationLink, mediatorInvitation } from './invitation.ts';

/** What anybody may read of a mediator, by path. */
export function pagesOf(url: string, identity: Identity): ReadonlyMap<string, Page> {
  const invitation = mediatorInvitation(newMessageId(), identity.did);
  const json = 'application/json';
  const text = 'text/plain; charset=utf-8';
  return new Map([
    ['/invitation', { type: json, text: JSON.stringify(invitation) }],
    ['/invitationOOB', { type: text, text: invitationLink(url, invitation) }],
    ['/did', { type: text, text: identity.did }],
    ['/health', { type: json, text: JSON.stringify({ status: 'ok' }) }],
  ]);
}

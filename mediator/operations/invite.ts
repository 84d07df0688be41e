import { createIdentity, endpointsAt } from '../identity.ts';
import { invitationLink, mediatorInvitation } from '../invitation.ts';
import { readKeys } from '../keys.ts';

/**
 * What the mediator itself gives at GET /invitationOOB.
 * @param keys as they are kept
 * @param url the one that the mediator is started with
 */
export async function inviteLink(keys: string, url: string): Promise<string> {
  const endpoints = endpointsAt(url);
  const { did } = createIdentity(await readKeys(keys), endpoints);
  return invitationLink(endpoints.http, mediatorInvitation(did));
}

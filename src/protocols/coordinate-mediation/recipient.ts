import * as v from 'valibot';
import type { Message } from '../../didcomm/plaintext.ts';
import type { Draft } from '../../didcomm/router.ts';
import { UpdateResponse } from './shapes.ts';
import { mediationUri, type MediationVersion } from './uris.ts';

// The recipient's words of every day; asking for mediation is in set-up.ts.

export interface RecipientUpdate {
  readonly recipient_did: string;
  readonly action: 'add' | 'remove';
}

export const draftRecipientUpdate = (
  version: MediationVersion,
  updates: readonly RecipientUpdate[],
): Draft => ({
  type: mediationUri(version, version === '2.0' ? 'keylist-update' : 'recipient-update'),
  body: { updates },
  thread: 'new',
});

const RESPONSE =
  /^https:\/\/didcomm\.org\/coordinate-mediation\/[23]\.\d+\/(keylist|recipient)-update-response$/;

/** Result by "action|DID"; empty when it is no answer to an update (rule R42). */
export function resultsIn({ type, body }: Message): ReadonlyMap<string, string> {
  const parsed = RESPONSE.test(type) ? v.safeParse(UpdateResponse, body) : undefined;
  const updated = parsed?.success ? parsed.output.updated : [];
  return new Map(updated.map((item) => [`${item.action}|${item.recipient_did}`, item.result]));
}

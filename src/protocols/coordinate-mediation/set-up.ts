import * as v from 'valibot';
import type { Message } from '../../didcomm/plaintext.ts';
import type { Draft } from '../../didcomm/router.ts';
import { Grant } from './shapes.ts';
import { mediationUri, type MediationVersion } from './uris.ts';

export const draftMediateRequest = (version: MediationVersion): Draft => ({
  type: mediationUri(version, 'mediate-request'),
  body: {},
  thread: 'new',
});

const ANSWER = /^https:\/\/didcomm\.org\/coordinate-mediation\/[23]\.\d+\/mediate-(grant|deny)$/;

export type MediateAnswer =
  /** A grant names one routing DID or a list, in either version; the first is taken (rule I16). */
  { readonly kind: 'granted'; readonly routingDid: string } | { readonly kind: 'denied' | 'other' };

export function readMediateAnswer({ type, body }: Message): MediateAnswer {
  const [, answer] = ANSWER.exec(type) ?? [];
  if (answer === 'deny') return { kind: 'denied' };
  const parsed = answer === 'grant' ? v.safeParse(Grant, body) : undefined;
  const [routingDid] = parsed?.success ? parsed.output.routing_did : [];
  return routingDid === undefined ? { kind: 'other' } : { kind: 'granted', routingDid };
}

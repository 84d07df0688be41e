import { didOf, type Did } from '../did/did.ts';
import { isJsonObject, parseJson } from '../lib/json.ts';
import { ENVELOPE_LIMITS, readProtected } from './jose-header.ts';

/** Whom an envelope says to be from. Nothing is proved by it: only for deciding what to look at first. */
export function claimedSender(packed: string): Did | undefined {
  const parsed = parseJson(packed, ENVELOPE_LIMITS);
  const envelope = parsed.kind === 'ok' && isJsonObject(parsed.value) ? parsed.value : {};
  const read = readProtected(envelope['protected']);
  const skid = read.kind === 'ok' ? read.header['skid'] : undefined;
  return typeof skid === 'string' ? didOf(skid) : undefined;
}

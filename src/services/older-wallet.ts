import { fromAnyBase64 } from '../lib/base64url.ts';
import { fromUtf8 } from '../lib/bytes.ts';
import { isJsonObject, parseJson } from '../lib/json.ts';

const LIMITS = { maxLength: 1024 * 1024, maxDepth: 64 };

/** Whether a refused envelope is of DIDComm version 1 (Aries RFC 0019), which some agents fall back to (rule I12). */
export function isVersion1(packed: string): boolean {
  const envelope = parseJson(packed, LIMITS);
  const header =
    envelope.kind === 'ok' && isJsonObject(envelope.value) && envelope.value['protected'];
  const bytes = typeof header === 'string' ? fromAnyBase64(header) : undefined;
  const read = bytes && parseJson(fromUtf8(bytes) ?? '', LIMITS);
  return read?.kind === 'ok' && isJsonObject(read.value) && read.value['typ'] === 'JWM/1.0';
}

import { fromAnyBase64 } from '../../lib/base64url.ts';
import { fromUtf8 } from '../../lib/bytes.ts';
import { isJsonObject, parseJson, type JsonLimits } from '../../lib/json.ts';
import type { Attachment } from '../../didcomm/plaintext.ts';
import { MAX_FORWARDED } from './messages.ts';

const LIMITS: JsonLimits = { maxLength: 1024 * 1024, maxDepth: 64 };

export type Forwarded =
  | { readonly kind: 'ok'; readonly envelopes: readonly string[] }
  | { readonly kind: 'malformed'; readonly detail: string };

/**
 * The envelopes inside a forward, as JSON text: text and base64 as they were, an object in the order of
 * its members (rule I62). Links are never followed.
 */
export function forwardedEnvelopes(
  attachments: readonly Attachment[] | undefined,
  most = MAX_FORWARDED,
): Forwarded {
  if (!attachments || attachments.length === 0) return malformed('attachments: none');
  if (attachments.length > most) return malformed('attachments: too many');
  const envelopes = attachments.map(({ data }) => envelopeText(data));
  const readable = envelopes.filter((text) => text !== undefined);
  return readable.length === envelopes.length
    ? { kind: 'ok', envelopes: readable }
    : malformed('attachments: not an encrypted message');
}

function envelopeText({ json, base64 }: Attachment['data']): string | undefined {
  if (isJsonObject(json)) return isEncrypted(json) ? JSON.stringify(json) : undefined;
  const bytes = base64 === undefined ? undefined : fromAnyBase64(base64);
  const text = typeof json === 'string' ? json : bytes && fromUtf8(bytes);
  if (text === undefined) return undefined;
  const parsed = parseJson(text, LIMITS);
  return parsed.kind === 'ok' && isEncrypted(parsed.value) ? text : undefined;
}

const isEncrypted = (value: unknown): boolean =>
  isJsonObject(value) &&
  typeof value['protected'] === 'string' &&
  typeof value['ciphertext'] === 'string';

const malformed = (detail: string): Forwarded => ({ kind: 'malformed', detail });

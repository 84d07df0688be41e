import { fromBase64Url } from '../lib/base64url.ts';
import { isJsonObject, parseJsonBytes, type JsonObject, type JsonValue } from '../lib/json.ts';
import { didOf, type KeyId } from '../did/did.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { EnvelopeFault, EnvelopeLimits } from './engine.ts';

/** Caps of what is parsed for a stranger (security.md section 7.2). */
export const ENVELOPE_LIMITS: EnvelopeLimits = {
  maxLength: 1024 * 1024,
  maxDepth: 64,
  maxRecipients: 20,
};

export interface Refused {
  readonly kind: 'refused';
  readonly fault: EnvelopeFault;
}
export const refused = (fault: EnvelopeFault): Refused => ({ kind: 'refused', fault });

/**
 * Whether a `typ` names this media type: absent is fine, and a value without a slash stands for
 * `application/` and the value (messaging spec, "IANA Media Types"; RFC 7515 section 4.1.9).
 */
export function isTyp(typ: JsonValue | undefined, mediaType: string): boolean {
  if (typ === undefined || typ === null) return true;
  if (typeof typ !== 'string') return false;
  const whole = typ.includes('/') ? typ : `application/${typ}`;
  return whole.toLowerCase() === mediaType;
}

/** A protected header, with the text that the signature or tag covers. */
interface ProtectedHeader {
  readonly kind: 'ok';
  readonly text: string;
  readonly header: JsonObject;
}

export function readProtected(text: JsonValue | undefined): ProtectedHeader | Refused {
  const bytes = typeof text === 'string' ? fromBase64Url(text) : undefined;
  if (typeof text !== 'string' || bytes === undefined) return refused('malformed');
  const parsed = parseJsonBytes(bytes, ENVELOPE_LIMITS);
  if (parsed.kind === 'too-deep') return refused('too-deep');
  if (parsed.kind !== 'ok' || !isJsonObject(parsed.value)) return refused('malformed');
  return { kind: 'ok', text, header: parsed.value };
}

/**
 * The rules for headers outside the signed or encrypted part: `crit` and `zip` are refused wherever they
 * stand (R12), and no name may stand in two headers (RFC 7515 section 7.2.1, RFC 7516 section 7.2.1).
 */
export function checkHeaders(
  header: JsonObject,
  ...unprotected: readonly (JsonValue | undefined)[]
): EnvelopeFault | undefined {
  const seen = new Set(Object.keys(header));
  for (const more of unprotected) {
    if (more === undefined) continue;
    if (!isJsonObject(more)) return 'malformed';
    for (const name of Object.keys(more)) {
      if (name === 'crit' || name === 'zip') return 'alg';
      if (seen.has(name)) return 'header';
    }
  }
  return seen.has('crit') || seen.has('zip') ? 'alg' : undefined;
}

/** Strict base64url of exactly `length` bytes when that is given. */
export function readBytes(text: JsonValue | undefined, length?: number): Bytes | undefined {
  const bytes = typeof text === 'string' ? fromBase64Url(text) : undefined;
  return length === undefined || bytes?.length === length ? bytes : undefined;
}

/** An absolute key id: a DID, `#` and a fragment, nothing between. */
export const isKeyId = (text: unknown): text is KeyId =>
  typeof text === 'string' && /^[^#?/]+#[^#]+$/.test(text) && didOf(text) !== undefined;

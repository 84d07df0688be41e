import * as v from 'valibot';
import { fromAnyBase64, fromBase64Url } from '../../lib/base64url.ts';
import {
  isJsonObject,
  parseJson,
  parseJsonBytes,
  withoutNulls,
  type JsonObject,
  type JsonOutcome,
  type JsonValue,
} from '../../lib/json.ts';
import { routeKey } from '../../didcomm/message-type.ts';
import {
  GOAL_REQUEST_MEDIATE,
  Invitation,
  InvitationAttachment,
  InvitationPlaintext,
  PROFILE_DIDCOMM_V2,
  type OobInvitation,
} from './messages.ts';

/** Decoded invitations are at most 8 KiB (rule R37); base64 and the link around it make that 11 KiB and some. */
const MAX_JSON = 8 * 1024;
const MAX_TEXT = 16 * 1024;
const LIMITS = { maxLength: MAX_JSON, maxDepth: 16 };

export type InvitationOutcome =
  | { readonly kind: 'ok'; readonly invitation: OobInvitation }
  | { readonly kind: 'not-an-invitation' | 'malformed' | 'too-large' }
  | { readonly kind: 'expired'; readonly invitation: OobInvitation }
  /** An invitation to a mediator's service, not to a person. */
  | { readonly kind: 'mailbox'; readonly invitation: OobInvitation }
  | Elsewhere
  | { readonly kind: 'unsupported'; readonly what: 'older-wallet' | 'other-protocol' };

/** A link that only says where the invitation is to be fetched. */
export type Elsewhere =
  /** One of ours: sealed content at `<origin>/i/<id>`, opened by the secret. */
  | { readonly kind: 'short-link'; readonly origin: string; readonly secretB64u: string }
  /** Any other wallet's: the link itself leads to the invitation ("Short URL Message Retrieval"). */
  | { readonly kind: 'oobid'; readonly url: string };

/**
 * Reads what a QR code, a link or a paste holds: a link with `_oob` in query or fragment, bare base64 of
 * either alphabet, or bare JSON, plain or signed (rules I35, I36). Pure; whether the invitation is our own or already
 * known is the caller's question.
 * @param nowMs milliseconds since the epoch, against `expires_time`
 */
export function parseInvitation(raw: string, nowMs: number): InvitationOutcome {
  const text = raw.trim();
  if (text.length > MAX_TEXT) return { kind: 'too-large' };
  const found = findPayload(text);
  if (found.kind !== 'payload') return found;
  return readPayload(found.text, nowMs);
}

type Found =
  | { readonly kind: 'payload'; readonly text: string }
  | { readonly kind: 'not-an-invitation' | 'malformed' }
  | Elsewhere
  | { readonly kind: 'unsupported'; readonly what: 'older-wallet' };

const SHORT_LINK = /^(https?:\/\/[^/?#\s]+)\/i\/?#([\w-]{43})$/i;

function findPayload(text: string): Found {
  if (text.startsWith('{')) return { kind: 'payload', text };
  const [, origin, secretB64u] = SHORT_LINK.exec(text) ?? [];
  if (origin !== undefined && secretB64u !== undefined)
    return fromBase64Url(secretB64u)
      ? { kind: 'short-link', origin, secretB64u }
      : { kind: 'malformed' };
  const url = parseUrl(text);
  if (!url) {
    return /^[A-Za-z0-9_+/-]{40,}={0,2}$/.test(text)
      ? { kind: 'payload', text }
      : { kind: 'not-an-invitation' };
  }
  const parameters = [
    ...url.query,
    ...(url.fragment.includes('=') ? queryPairs(url.fragment) : []),
  ];
  const value = (name: string): string | undefined => parameters.find(([key]) => key === name)?.[1];
  const oob = value('_oob') ?? value('oob');
  if (oob !== undefined) return { kind: 'payload', text: oob };
  if (value('c_i') !== undefined || value('d_m') !== undefined)
    return { kind: 'unsupported', what: 'older-wallet' };
  const named = url.query.some(([key]) => key === '_oobid' || key === 'oobid');
  // Servers see no fragment.
  return named ? { kind: 'oobid', url: text.replace(/#.*$/, '') } : { kind: 'not-an-invitation' };
}

interface LinkParts {
  readonly query: readonly (readonly [string, string])[];
  readonly fragment: string;
}

/** Enough of a URL for invitations; the shared rooms have no URL class. Any scheme may carry `_oob`. */
function parseUrl(text: string): LinkParts | undefined {
  const match = /^[a-z][a-z0-9+.-]*:([^?#\s]*)(?:\?([^#\s]*))?(?:#(\S*))?$/i.exec(text);
  if (!match) return undefined;
  return { query: queryPairs(match[2] ?? ''), fragment: match[3] ?? '' };
}

function queryPairs(query: string): (readonly [string, string])[] {
  // Apps that keep their routes in the fragment have a query of their own there.
  return query.split(/[&?]/).map((pair) => {
    const at = pair.indexOf('=');
    return at === -1 ? [pair, ''] : [pair.slice(0, at), percentDecoded(pair.slice(at + 1))];
  });
}

/** A broken percent sequence is left as it is: the base64 check refuses it then. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readPayload(payload: string, nowMs: number): InvitationOutcome {
  const json = payload.startsWith('{') ? parseJson(payload, LIMITS) : parseBase64(payload);
  switch (json.kind) {
    case 'too-large':
      return { kind: 'too-large' };
    case 'too-deep':
    case 'not-json':
      return { kind: 'malformed' };
    case 'ok':
      return isJsonObject(json.value)
        ? readPlainOrSigned(json.value, nowMs)
        : { kind: 'malformed' };
  }
}

function parseBase64(text: string): JsonOutcome {
  // A plus sign in a query may have become a space.
  const bytes = fromAnyBase64(text.replace(/ /g, '+'));
  return bytes ? parseJsonBytes(bytes, LIMITS) : { kind: 'not-json' };
}

function readPlainOrSigned(json: JsonObject, nowMs: number): InvitationOutcome {
  const payload = json['payload'];
  const isSigned = 'signatures' in json || 'signature' in json;
  if (typeof payload !== 'string' || !isSigned) return readInvitation(json, undefined, nowMs);
  const inside = parseBase64(payload);
  return inside.kind === 'ok' && isJsonObject(inside.value)
    ? readInvitation(inside.value, json, nowMs)
    : { kind: 'malformed' };
}

function readInvitation(
  json: JsonObject,
  signed: JsonObject | undefined,
  nowMs: number,
): InvitationOutcome {
  const wrongType = judgeType(json);
  if (wrongType) return wrongType;
  const parsed = v.safeParse(InvitationPlaintext, withoutNulls(json));
  if (!parsed.success) return { kind: 'malformed' };
  const { id, from, expires_time, body, attachments = [] } = parsed.output;
  const accept = body?.accept ?? [];
  if (accept.length > 0 && !accept.includes(PROFILE_DIDCOMM_V2))
    return { kind: 'unsupported', what: 'older-wallet' };
  const invitation: OobInvitation = {
    id,
    from,
    expiresSeconds: expires_time,
    label: body?.label,
    goal: body?.goal,
    goalCode: body?.goal_code,
    accept: body?.accept,
    requests: attachments.length === 0 ? undefined : attachments.flatMap(readAttached),
    signedData: attachments.flatMap(signedIn),
    signed,
  };
  if (expires_time !== undefined && expires_time * 1000 <= nowMs)
    return { kind: 'expired', invitation };
  return body?.goal_code === GOAL_REQUEST_MEDIATE
    ? { kind: 'mailbox', invitation }
    : { kind: 'ok', invitation };
}

function signedIn(attachment: unknown): OobInvitation['signedData'] {
  const parsed = v.safeParse(InvitationAttachment, attachment);
  return parsed.success && parsed.output.data.jws !== undefined ? [parsed.output.data] : [];
}

/** The message in an attachment, as JSON or as base64 of it; none when it holds nothing of the kind. */
function readAttached(attachment: unknown): JsonObject[] {
  const parsed = v.safeParse(InvitationAttachment, attachment);
  if (!parsed.success) return [];
  const { json, base64 } = parsed.output.data;
  const inside: JsonOutcome =
    base64 === undefined ? { kind: 'ok', value: json as JsonValue } : parseBase64(base64);
  return inside.kind === 'ok' && isJsonObject(inside.value) ? [inside.value] : [];
}

function judgeType(json: JsonObject): InvitationOutcome | undefined {
  const type = json['type'] ?? json['@type'];
  if (typeof type !== 'string') return { kind: 'not-an-invitation' };
  if (routeKey(type) === routeKey(Invitation.type)) return undefined;
  if (/\/(out-of-band|connections|didexchange)\/1\.\d+\//.test(type))
    return { kind: 'unsupported', what: 'older-wallet' };
  return { kind: 'unsupported', what: 'other-protocol' };
}

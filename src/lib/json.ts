import { fromUtf8, type Bytes } from './bytes.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [member: string]: JsonValue;
}

export type JsonOutcome =
  | { readonly kind: 'ok'; readonly value: JsonValue }
  | { readonly kind: 'too-large' | 'too-deep' | 'not-json' };

export interface JsonLimits {
  /** Longest text taken, in UTF-16 units (bytes for ASCII, as envelopes are). */
  readonly maxLength: number;
  /** Deepest nesting of arrays and objects. */
  readonly maxDepth: number;
}

/** JSON.parse for text from strangers: length and depth are checked before anything is built. */
export function parseJson(text: string, limits: JsonLimits): JsonOutcome {
  if (text.length > limits.maxLength) return { kind: 'too-large' };
  if (depthOf(text, limits.maxDepth) > limits.maxDepth) return { kind: 'too-deep' };
  try {
    return { kind: 'ok', value: JSON.parse(text) as JsonValue };
  } catch {
    return { kind: 'not-json' };
  }
}

export function parseJsonBytes(bytes: Bytes, limits: JsonLimits): JsonOutcome {
  const text = fromUtf8(bytes);
  return text === undefined ? { kind: 'not-json' } : parseJson(text, limits);
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Without the members that are null: several agents write null for what is absent.
 * @param meant the member whose null says something
 */
export const withoutNulls = <T>(value: T, meant?: string): T | JsonObject =>
  isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter(([name, member]) => member !== null || name === meant),
      )
    : value;

/** Nesting depth by scanning, without recursion; stops once it is past `enough`. */
function depthOf(text: string, enough: number): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c === 0x22) i = endOfString(text, i);
    else if (c === 0x7b || c === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > enough) return deepest;
    } else if (c === 0x7d || c === 0x5d) depth -= 1;
  }
  return deepest;
}

/** Where the string that opens at `from` closes: the next quote behind an even number of backslashes. */
function endOfString(text: string, from: number): number {
  for (
    let quote = text.indexOf('"', from + 1);
    quote !== -1;
    quote = text.indexOf('"', quote + 1)
  ) {
    let before = quote;
    while (text[before - 1] === '\\') before -= 1;
    if ((quote - before) % 2 === 0) return quote;
  }
  return text.length;
}

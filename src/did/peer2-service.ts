import { fromAnyBase64 } from '../lib/base64url.ts';
import { isJsonObject, parseJsonBytes, type JsonObject, type JsonValue } from '../lib/json.ts';
import { DIDCOMM_SERVICE } from './service.ts';

/** Rule R38. */
export const MAX_SERVICES = 3;
/** Rule R38: the longest service JSON of one element, in UTF-8 bytes. */
export const MAX_SERVICE_BYTES = 2048;
const LIMITS = { maxLength: MAX_SERVICE_BYTES, maxDepth: 8 };

/** did:peer numalgo 2, "Common String Abbreviations". */
const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ['t', 'type'],
  ['s', 'serviceEndpoint'],
  ['r', 'routingKeys'],
  ['a', 'accept'],
]);
export const SHORT_TYPE = 'dm';

/**
 * Reads an `.S` element: one service, or the JSON list of services that older libraries wrote.
 * @returns services with unabbreviated names, in order; undefined when malformed
 */
export function decodeServices(element: string): readonly JsonObject[] | undefined {
  const bytes = fromAnyBase64(element);
  const json = bytes && parseJsonBytes(bytes, LIMITS);
  if (json?.kind !== 'ok') return undefined;
  const services = (Array.isArray(json.value) ? json.value : [json.value]).map(expand);
  return services.every(isJsonObject) ? services : undefined;
}

/** Abbreviations hold at every depth, not only at the top. */
function expand(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(expand);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const longName = LONG_NAMES.get(name) ?? name;
      const isType = longName === 'type' && member === SHORT_TYPE;
      return [longName, isType ? DIDCOMM_SERVICE : expand(member)];
    }),
  );
}

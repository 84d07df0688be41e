import { fromAnyBase64, toBase64Url } from '../lib/base64url.ts';
import { utf8 } from '../lib/bytes.ts';
import { isJsonObject, parseJsonBytes, type JsonObject, type JsonValue } from '../lib/json.ts';
import { DIDCOMM_SERVICE } from './service.ts';

/** A service to be written into a DID of our own. */
export interface NewService {
  readonly uri: string;
  /** `didcomm/v2` unless told otherwise. */
  readonly accept?: readonly string[];
  /** Printed, also when empty, exactly if given: some readers want the member, QR codes want it away. */
  readonly routingKeys?: readonly string[];
}

/** Rule R38: the longest service JSON of one element, in UTF-8 bytes. */
const MAX_SERVICE_BYTES = 2048;
const LIMITS = { maxLength: MAX_SERVICE_BYTES, maxDepth: 8 };

/** did:peer numalgo 2, "Common String Abbreviations". */
const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ['t', 'type'],
  ['s', 'serviceEndpoint'],
  ['r', 'routingKeys'],
  ['a', 'accept'],
]);
const SHORT_TYPE = 'dm';

/**
 * The value of an `.S` element. All of it is ASCII without `>`, `?`, `~` and DEL, whose bytes alone would put
 * `-` or `_` into the base64url: several resolvers refuse those two.
 */
export function encodeService({ uri, accept = ['didcomm/v2'], routingKeys }: NewService): string {
  const json = JSON.stringify({ t: SHORT_TYPE, s: { uri, r: routingKeys, a: accept } });
  const ascii = json.replace(
    /[^ -}]|[>?]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (ascii.length > MAX_SERVICE_BYTES)
    throw new RangeError('a did:peer service is longer than 2 KiB');
  return toBase64Url(utf8(ascii));
}

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

import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { DidCommService } from './did.ts';

export const DIDCOMM_SERVICE = 'DIDCommMessaging';

/**
 * The DIDComm endpoints of a document's services, every shape met in the field made one (rule I51):
 * endpoint as object, as text, or as a list of either. Services of other types are left out unread; that one of
 * them asks for a login is noted with each.
 * @returns undefined when a DIDComm service is malformed
 */
export function didCommServices(
  services: readonly JsonValue[],
): readonly DidCommService[] | undefined {
  const found: DidCommService[] = [];
  let asksLogin = false;
  for (const service of services) {
    if (!isJsonObject(service)) return undefined;
    const types = listOf(service['type']);
    asksLogin ||= types.includes('Authentication');
    if (!types.includes(DIDCOMM_SERVICE)) continue;
    for (const endpoint of listOf(service['serviceEndpoint'])) {
      const one = didCommService(endpoint, service);
      if (one === undefined) return undefined;
      found.push(one);
    }
  }
  return asksLogin ? found.map((one) => ({ ...one, login: true })) : found;
}

/** A text endpoint has its `accept` and `routingKeys` beside it, in the service (did:peer before 2023-09). */
function didCommService(
  endpoint: JsonValue | undefined,
  service: JsonObject,
): DidCommService | undefined {
  const members = isJsonObject(endpoint) ? endpoint : {};
  const uri = isJsonObject(endpoint) ? endpoint['uri'] : endpoint;
  const routingKeys = textsOf(members['routingKeys'] ?? service['routingKeys']);
  const accept = textsOf(members['accept'] ?? service['accept']);
  if (typeof uri !== 'string' || !routingKeys || !accept) return undefined;
  // An empty `accept` would say that nothing is taken; writers mean that they have no preference.
  return accept.length === 0 ? { uri, routingKeys } : { uri, routingKeys, accept };
}

/** DID Core section 5.4: a type, too, is one text or a set of them. */
const listOf = (value: JsonValue | undefined): readonly (JsonValue | undefined)[] =>
  Array.isArray(value) ? value : [value];

/** Absent and null are the empty list, which Kotlin and Scala writers print either way. */
function textsOf(value: JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? value
    : undefined;
}

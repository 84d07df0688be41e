import { routeKey } from '../../didcomm/message-type.ts';
import type { JsonObject } from '../../lib/json.ts';

/**
 * Of the messages attached to an invitation the first that we can act on ("Out Of Band Messages": the
 * attachments are in order of preference, and one is to be chosen).
 * @param supported type URIs; a minor version more or less is no difference
 */
export function firstSupported(
  requests: readonly JsonObject[],
  supported: readonly string[],
): JsonObject | undefined {
  const keys = supported.map(routeKey);
  return requests.find(({ type }) => typeof type === 'string' && keys.includes(routeKey(type)));
}

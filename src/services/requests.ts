/**
 * Messages that Parley can act on when an invitation brings them along, by their type. An invitation that
 * brings only others cannot be accepted, and is never answered by a handshake instead (rule I41).
 */
export const SUPPORTED_REQUESTS: readonly string[] = [];

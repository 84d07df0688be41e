import { isJsonObject, parseJson } from '../lib/json.ts';
import type { Did, DidResolution } from './did.ts';
import { normaliseDocument } from './document.ts';

// did:web ("did:web Method Specification", sections 2 and 3.2). The document is read here and fetched by who
// sends; what is received never causes a request (rules R40, I57).

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
/** A domain name, which an address of numbers is not, a port, and a path. */
const GRAMMAR = new RegExp(
  `^did:web:((?:${LABEL}\\.)*(?!\\d+(?:$|[:%]))${LABEL})(?:%3[Aa](\\d{1,5}))?((?::[A-Za-z0-9._-]+)*)$`,
);
const LIMITS = { maxLength: 64 * 1024, maxDepth: 16 };

/** @returns where the document of a did:web is; undefined for another DID, or one that names no such place */
export function didWebUrl(did: Did): string | undefined {
  const [, host, port, path = ''] = GRAMMAR.exec(did) ?? [];
  const steps = path.split(':').slice(1);
  if (host === undefined || Number(port ?? 443) > 65_535) return undefined;
  if (steps.some((step) => /^\.+$/.test(step))) return undefined;
  const folder = steps.length === 0 ? '.well-known' : steps.join('/');
  return `https://${host.toLowerCase()}${port === undefined ? '' : `:${port}`}/${folder}/did.json`;
}

/**
 * Reads what lies at that place.
 * @param jsonText at most 64 KiB
 * @returns `malformed` also for the document of another DID
 */
export function readDidWeb(did: Did, jsonText: string): DidResolution {
  const json = parseJson(jsonText, LIMITS);
  if (didWebUrl(did) === undefined || json.kind !== 'ok' || !isJsonObject(json.value))
    return { kind: 'malformed' };
  const document = json.value['id'] === did ? normaliseDocument(json.value, did, []) : undefined;
  return document ? { kind: 'ok', document } : { kind: 'malformed' };
}

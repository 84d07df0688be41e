import { isDid, type Did, type DidResolution } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import type { HttpTransport } from '../transport/http.ts';
import { judgeEndpoint } from '../transport/endpoint-policy.ts';

export interface SendingPorts {
  readonly http: HttpTransport;
  readonly ownOrigin: string;
}

export type ResolvedForSending =
  | DidResolution
  /** Its document could not be fetched now. */
  | { readonly kind: 'unreachable' };

/**
 * Resolves a DID that something is to be sent to: the only time that a did:web is fetched (rules R40, I57), by
 * the endpoint policy, at most 64 KiB.
 * @param known documents that were fetched before, by DID
 * @returns with `jsonText` the document as fetched
 */
export async function resolveForSending(
  ports: SendingPorts,
  did: string,
  known: Readonly<Record<string, string>> = {},
): Promise<ResolvedForSending & { readonly jsonText?: string }> {
  if (!isDid(did) || !did.startsWith('did:web:')) return resolveDid(did);
  const { didWebUrl, readDidWeb } = await import('../did/web.ts');
  const stored = known[did];
  if (stored !== undefined) return readDidWeb(did, stored);
  const url = didWebUrl(did);
  if (url === undefined || judgeEndpoint(url, ports.ownOrigin).kind !== 'ok')
    return { kind: 'malformed' };
  const jsonText = await ports.http.getText(url);
  return jsonText === undefined
    ? { kind: 'unreachable' }
    : { ...readDidWeb(did, jsonText), jsonText };
}

/** Reads stored documents of did:web, and everything that says itself; never the network. */
export const resolverWith =
  (documents: Readonly<Record<string, string>> = {}) =>
  async (did: string): Promise<DidResolution> => {
    const stored = documents[did];
    return stored === undefined
      ? resolveDid(did)
      : (await import('../did/web.ts')).readDidWeb(did as Did, stored);
  };

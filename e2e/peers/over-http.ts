import { documentOf } from './peer2.ts';

// How the test peers bring an envelope to an address.

/** @returns what was answered */
export async function post(url: string, envelope: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/didcomm-encrypted+json' },
    body: envelope,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

/** The address in a DID's first service, which may be a DID again. */
export function firstService(did: string): string {
  const service = documentOf(did)?.service[0]?.serviceEndpoint as { uri: string } | undefined;
  if (!service) throw new Error(`${did} has no service`);
  return service.uri;
}

/** Where that leads in the end. */
export const httpOf = (did: string): string => {
  const uri = firstService(did);
  return uri.startsWith('did:') ? httpOf(uri) : uri;
};

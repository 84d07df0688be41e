import { didWebUrl } from '../src/did/web.ts';
import { isDid, type Did, type PublicKey } from '../src/did/did.ts';
import { PROFILE_DIDCOMM_V2 } from '../src/protocols/out-of-band/messages.ts';

/**
 * The did:web of a public URL: https at a name, as the method wants it.
 * @param url without a slash at the end
 */
export function webDidOf(url: string): Did | undefined {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== 'https:') return undefined;
  const steps = pathname.split('/').filter((step) => step !== '');
  const did = ['did:web', `${hostname}${port === '' ? '' : `%3A${port}`}`, ...steps].join(':');
  // An address of numbers, for one, names no such place.
  return isDid(did) && didWebUrl(did) !== undefined ? did : undefined;
}

/** Where a server must serve the document, as a path. */
export const webDocumentPath = (did: Did): string =>
  new URL(didWebUrl(did) ?? 'https://mediator').pathname;

/**
 * The DID document as every reader takes it: keys as multibase with their controller, since one reader takes
 * JWKs wrong; services HTTP first, then WebSocket, with endpoints that are objects (rule I60).
 */
export function webDocument(
  { agreement, signing }: { readonly agreement: PublicKey; readonly signing: PublicKey },
  endpoints: { readonly http: string; readonly ws: string },
): object {
  const id = agreement.kid.slice(0, agreement.kid.indexOf('#'));
  const method = (type: string, { kid, multibase }: PublicKey) => ({
    id: kid,
    type,
    controller: id,
    publicKeyMultibase: multibase,
  });
  const service = (name: string, uri: string) => ({
    id: `${id}#${name}`,
    type: 'DIDCommMessaging',
    serviceEndpoint: { uri, accept: [PROFILE_DIDCOMM_V2], routingKeys: [] },
  });
  return {
    '@context': [
      'https://www.w3.org/ns/did/v1',
      'https://w3id.org/security/suites/x25519-2020/v1',
      'https://w3id.org/security/suites/ed25519-2020/v1',
    ],
    id,
    // By the types of 2020: libraries that refuse Multikey read them too.
    verificationMethod: [
      method('X25519KeyAgreementKey2020', agreement),
      method('Ed25519VerificationKey2020', signing),
    ],
    keyAgreement: [agreement.kid],
    authentication: [signing.kid],
    assertionMethod: [signing.kid],
    service: [service('http', endpoints.http), service('ws', endpoints.ws)],
  };
}

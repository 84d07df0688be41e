import { canAgree, canSign, decodeKey } from '../crypto/multicodec.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Did, DidResolution, PublicKey } from './did.ts';
import { decodeServices, MAX_SERVICES } from './peer2-service.ts';
import { didCommServices } from './service.ts';

const PREFIX = 'did:peer:2';
/** Ours; the largest documents met hold four keys. It bounds what one cached DID can cost. */
const MAX_KEYS = 16;

const MALFORMED: DidResolution = { kind: 'malformed' };

/**
 * Resolves numalgo 2 in all its flavours: service JSON of before and after 2023-09, several services in one
 * element, keys after services. Keys are numbered from 1, in order, over keys only.
 */
export function resolvePeer2(did: Did): DidResolution {
  const [head, ...elements] = did.split('.');
  if (head !== PREFIX || elements.length > MAX_KEYS + MAX_SERVICES) return MALFORMED;
  const keyAgreement: PublicKey[] = [];
  const authentication: PublicKey[] = [];
  const printedServices: JsonObject[] = [];
  let keyCount = 0;

  for (const element of elements) {
    const purpose = element.charAt(0);
    const value = element.slice(1);
    if (purpose === 'S') {
      const decoded = decodeServices(value);
      if (!decoded) return MALFORMED;
      printedServices.push(...decoded);
      continue;
    }
    keyCount += 1;
    const key = decodeKey(value);
    if (key.kind === 'malformed') return MALFORMED;
    const { curve, publicBytes } = key;
    const entry: PublicKey = {
      kid: `${did}#key-${keyCount}`,
      curve,
      publicBytes,
      multibase: value,
    };
    switch (purpose) {
      case 'E':
        if (!canAgree(curve)) return MALFORMED;
        keyAgreement.push(entry);
        break;
      case 'V':
        if (!canSign(curve)) return MALFORMED;
        authentication.push(entry);
        break;
      // Assertion, invocation and delegation take a number but mean nothing to DIDComm.
      case 'A':
      case 'I':
      case 'D':
        if (!canSign(curve)) return MALFORMED;
        break;
      default:
        return MALFORMED;
    }
  }

  const services =
    printedServices.length > MAX_SERVICES ? undefined : didCommServices(printedServices);
  if (keyCount === 0 || keyCount > MAX_KEYS || !services) return MALFORMED;
  return {
    kind: 'ok',
    document: { did, keyAgreement, authentication, services, alsoKnownAs: [] },
  };
}

import { canAgree, canSign, decodeKey } from '../crypto/multicodec.ts';
import type { Did, DidResolution, PublicKey } from './did.ts';

/**
 * did:key. Its one key serves every purpose that its curve can ("did:key Method", section 3.1.2). No X25519
 * key is derived from an Ed25519 one: a sender who wants to be encrypted to has to name an agreement key.
 */
export const resolveKey = (did: Did): DidResolution =>
  documentOfKey(did, did.slice('did:key:'.length));

/** The document of a DID that is one multibase key and no endpoint. */
export function documentOfKey(did: Did, multibase: string): DidResolution {
  const decoded = decodeKey(multibase);
  if (decoded.kind === 'malformed') return decoded;
  const { curve, publicBytes } = decoded;
  const key: PublicKey = { kid: `${did}#${multibase}`, curve, publicBytes, multibase };
  return {
    kind: 'ok',
    document: {
      did,
      keyAgreement: canAgree(curve) ? [key] : [],
      authentication: canSign(curve) ? [key] : [],
      services: [],
      alsoKnownAs: [],
    },
  };
}

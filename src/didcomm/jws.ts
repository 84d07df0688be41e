import { signEd25519, verifyEd25519 } from '../crypto/signature.ts';
import { didOf, type KeyId, type ResolveDid } from '../did/did.ts';
import { findKey } from '../did/key-alias.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { utf8, type Bytes } from '../lib/bytes.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import type { Layer, OwnKey } from './engine.ts';
import {
  checkHeaders,
  isKeyId,
  isTyp,
  readBytes,
  readProtected,
  refused,
  type Refused,
} from './jose-header.ts';
import { SIGNED_TYP } from './plaintext.ts';

const ALG = 'EdDSA';

/** The kid stands in the unprotected header, as in the specification's vectors. */
export async function sealJws(plaintext: Bytes, signer: OwnKey): Promise<string> {
  const payload = toBase64Url(plaintext);
  const protectedB64u = toBase64Url(utf8(JSON.stringify({ typ: SIGNED_TYP, alg: ALG })));
  const signature = await signEd25519(signer.privateKey, utf8(`${protectedB64u}.${payload}`));
  return JSON.stringify({
    payload,
    signatures: [
      {
        protected: protectedB64u,
        signature: toBase64Url(signature),
        header: { kid: signer.kid },
      },
    ],
  });
}

export type OpenedJws =
  { readonly kind: 'ok'; readonly layer: Layer; readonly content: Bytes } | Refused;

/**
 * Verifies a JWS, general or flattened ("DIDComm Signed Messages"): R12, R32 and the key's half of R6. The
 * signer must be one: which of several would be the author is left open by the specification.
 */
export async function openJws(envelope: JsonObject, resolve: ResolveDid): Promise<OpenedJws> {
  const list = envelope['signatures'] ?? [envelope];
  if (!Array.isArray(list)) return refused('malformed');
  const [entry] = list;
  if (list.length !== 1) return refused('signer');
  if (!isJsonObject(entry)) return refused('malformed');
  const payload = envelope['payload'];
  const content = readBytes(payload);
  const signature = readBytes(entry['signature']);
  if (typeof payload !== 'string' || !content || !signature) return refused('malformed');

  const parsed = readProtected(entry['protected']);
  if (parsed.kind === 'refused') return parsed;
  const { header } = parsed;
  const unprotected = entry['header'];
  if (!isTyp(header['typ'], SIGNED_TYP)) return refused('typ');
  const fault = checkHeaders(header, unprotected);
  if (fault) return refused(fault);
  if (header['alg'] !== ALG) return refused('alg');

  const signerKid = header['kid'] ?? (isJsonObject(unprotected) ? unprotected['kid'] : undefined);
  if (!isKeyId(signerKid)) return refused('signer');
  const data = utf8(`${parsed.text}.${payload}`);
  const verdict = await verifyByDid(signerKid, signature, data, resolve);
  return verdict === 'ok'
    ? { kind: 'ok', layer: { kind: 'signed', signerKid }, content }
    : refused(verdict);
}

/** Whether an authentication key of the DID in `kid` made this signature. */
export async function verifyByDid(
  kid: KeyId,
  signature: Bytes,
  data: Bytes,
  resolve: ResolveDid,
): Promise<'ok' | 'did' | 'signer'> {
  const resolution = await resolve(didOf(kid) ?? '');
  if (resolution.kind !== 'ok') return 'did';
  const key = findKey(resolution.document.authentication, kid);
  if (key?.curve !== 'Ed25519') return 'signer';
  return (await verifyEd25519(key.publicBytes, signature, data)) ? 'ok' : 'signer';
}

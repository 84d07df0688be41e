import {
  signEd25519,
  signingCurve,
  verifySignature,
  type SigningCurve,
} from '../crypto/signature.ts';
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

/** The kid stands in the unprotected header, as in the specification's vectors. */
export async function sealJws(plaintext: Bytes, signer: OwnKey): Promise<string> {
  const payload = toBase64Url(plaintext);
  const protectedB64u = toBase64Url(utf8(JSON.stringify({ typ: SIGNED_TYP, alg: 'EdDSA' })));
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

/** Verifies a JWS, general or flattened ("DIDComm Signed Messages"): R12, R32 and the key's half of R6. */
export async function openJws(envelope: JsonObject, resolve: ResolveDid): Promise<OpenedJws> {
  const payload = envelope['payload'];
  const content = readBytes(payload);
  if (typeof payload !== 'string' || !content) return refused('malformed');
  const verdict = await verifyDetached(envelope, payload, resolve, SIGNED_TYP);
  if (verdict.kind === 'refused') return verdict;
  return { kind: 'ok', layer: { kind: 'signed', signerKid: verdict.signerKid }, content };
}

/**
 * Verifies the signature of a JWS, general or flattened (RFC 7515 section 7.2). The signer must be one: which
 * of several would be the author is left open by the specification.
 * @param payload base64url
 * @param mediaType what `typ` must be where there is one
 */
export async function verifyDetached(
  jws: JsonObject,
  payload: string,
  resolve: ResolveDid,
  mediaType?: string,
): Promise<{ readonly kind: 'ok'; readonly signerKid: KeyId } | Refused> {
  const list = jws['signatures'] ?? [jws];
  if (!Array.isArray(list)) return refused('malformed');
  const [entry] = list;
  if (list.length !== 1) return refused('signer');
  const signature = isJsonObject(entry) ? readBytes(entry['signature']) : undefined;
  if (!isJsonObject(entry) || !signature) return refused('malformed');

  const parsed = readProtected(entry['protected']);
  if (parsed.kind === 'refused') return parsed;
  const { header } = parsed;
  const unprotected = entry['header'];
  if (mediaType !== undefined && !isTyp(header['typ'], mediaType)) return refused('typ');
  const fault = checkHeaders(header, unprotected);
  if (fault) return refused(fault);
  const curve = signingCurve(header['alg']);
  if (!curve) return refused('alg');

  const signerKid = header['kid'] ?? (isJsonObject(unprotected) ? unprotected['kid'] : undefined);
  if (!isKeyId(signerKid)) return refused('signer');
  const data = utf8(`${parsed.text}.${payload}`);
  const verdict = await verifyByDid({ kid: signerKid, curve, signature, data }, resolve);
  return verdict === 'ok' ? { kind: 'ok', signerKid } : refused(verdict);
}

interface Signed {
  readonly kid: KeyId;
  /** The one that its `alg` is for. */
  readonly curve: SigningCurve;
  readonly signature: Bytes;
  readonly data: Bytes;
}

/** Whether an authentication key of the DID in `kid` made this signature. */
export async function verifyByDid(
  { kid, curve, signature, data }: Signed,
  resolve: ResolveDid,
): Promise<'ok' | 'did' | 'signer'> {
  const resolution = await resolve(didOf(kid) ?? '');
  if (resolution.kind !== 'ok') return 'did';
  const key = findKey(resolution.document.authentication, kid);
  if (key?.curve !== curve) return 'signer';
  return (await verifySignature(curve, key.publicBytes, signature, data)) ? 'ok' : 'signer';
}

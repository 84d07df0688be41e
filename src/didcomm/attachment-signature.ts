import type { KeyId, ResolveDid } from '../did/did.ts';
import { fromAnyBase64, toBase64Url } from '../lib/base64url.ts';
import type { Bytes } from '../lib/bytes.ts';
import { isJsonObject } from '../lib/json.ts';
import { refused, type Refused } from './jose-header.ts';
import { verifyDetached } from './jws.ts';
import type { Attachment } from './plaintext.ts';

export type AttachmentVerdict =
  | { readonly kind: 'unsigned' }
  /** An authentication key of its DID signed these bytes; whether it may is for the caller to know. */
  | { readonly kind: 'ok'; readonly signerKid: KeyId }
  /** Neither in the message nor handed in: `json` has no bytes of its own, `links` have to be fetched. */
  | { readonly kind: 'no-bytes' }
  | Refused;

/**
 * Verifies `data.jws`, "a JSON Web Signature … in detached content mode" over the bytes of the attachment
 * (messaging spec, "Attachments"; RFC 7515 appendix F).
 * @param fetched what was behind the `links`, its hash already compared
 */
export async function verifyAttachment(
  { data }: Pick<Attachment, 'data'>,
  resolve: ResolveDid,
  fetched?: Bytes,
): Promise<AttachmentVerdict> {
  const { jws, base64 } = data;
  if (jws === undefined) return { kind: 'unsigned' };
  if (!isJsonObject(jws)) return refused('malformed');
  const bytes = base64 === undefined ? fetched : fromAnyBase64(base64);
  if (bytes === undefined)
    return base64 === undefined ? { kind: 'no-bytes' } : refused('malformed');
  const payload = toBase64Url(bytes);
  // Some leave the payload in.
  if ((jws['payload'] ?? payload) !== payload) return refused('signer');
  return verifyDetached(jws, payload, resolve);
}

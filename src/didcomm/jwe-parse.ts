import { agreementCurve } from '../crypto/agreement.ts';
import type { AgreementCurve } from '../crypto/agreement-curve.ts';
import {
  contentCiphers,
  isContentCipherName,
  type ContentCipherName,
} from '../crypto/content-encryption.ts';
import type { Sealed } from '../crypto/content-cipher.ts';
import { didOf, type Did, type KeyId } from '../did/did.ts';
import { fromUtf8, utf8, type Bytes } from '../lib/bytes.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import {
  checkHeaders,
  isKeyId,
  isTyp,
  readBytes,
  readProtected,
  refused,
  type Refused,
} from './jose-header.ts';
import { ANONCRYPT_ALG, AUTHCRYPT_ALG } from './jwe-keys.ts';
import { ENCRYPTED_TYP } from './plaintext.ts';

export interface JweRecipient {
  readonly kid: string;
  readonly encryptedKey: Bytes;
}

interface JweParts {
  readonly enc: ContentCipherName;
  readonly curve: AgreementCurve;
  readonly epk: Bytes;
  /** Decoded; empty when the header has none. */
  readonly apu: Bytes;
  readonly apv: Bytes;
  readonly recipientDid: Did;
  readonly recipients: readonly JweRecipient[];
  readonly iv: Bytes;
  readonly sealed: Sealed;
  /** The `protected` text itself. */
  readonly aad: Bytes;
}

export type Jwe =
  | (JweParts & { readonly kind: 'anoncrypt' })
  | (JweParts & { readonly kind: 'authcrypt'; readonly skid: KeyId });

/**
 * Reads a JWE of DIDComm (messaging spec, "DIDComm Encrypted Messages"; general JSON serialisation) and
 * checks all that needs no key: R32, R12, R11, R13 and, but for the digest in `apv`, R10.
 */
export async function parseJwe(
  envelope: JsonObject,
  maxRecipients: number,
): Promise<Jwe | Refused> {
  const parsed = readProtected(envelope['protected']);
  if (parsed.kind === 'refused') return parsed;
  const { header } = parsed;
  // The old format of Aries has `typ` "JWM/1.0" and stops here.
  if (!isTyp(header['typ'], ENCRYPTED_TYP)) return refused('typ');
  const fault = checkHeaders(header, envelope['unprotected']);
  if (fault) return refused(fault);

  const { alg, enc } = header;
  if (alg !== AUTHCRYPT_ALG && alg !== ANONCRYPT_ALG) return refused('alg');
  // "A256CBC-HS512 … MUST be used" with ECDH-1PU ("Sender Authenticated Encryption").
  if (!isContentCipherName(enc) || (alg === AUTHCRYPT_ALG && enc !== 'A256CBC-HS512'))
    return refused('alg');

  const recipients = readRecipients(envelope['recipients'], header, maxRecipients);
  if (recipients.kind === 'refused') return recipients;

  const jwk = header['epk'];
  const curve = isJsonObject(jwk) ? await agreementCurve(jwk['crv']) : undefined;
  const epk = isJsonObject(jwk) ? curve?.fromJwk(jwk) : undefined;
  if (curve === undefined || epk === undefined) return refused('epk');

  const apu = readBytes(header['apu'] ?? '');
  const apv = readBytes(header['apv']);
  if (apu === undefined || apv === undefined) return refused('header');

  const cipher = contentCiphers[enc];
  const iv = readBytes(envelope['iv'], cipher.ivLength);
  const tag = readBytes(envelope['tag'], cipher.tagLength);
  const ciphertext = readBytes(envelope['ciphertext']);
  // `aad` (RFC 7516 section 7.2.1) is no member of DIDComm's serialisation.
  if (!iv || !tag || !ciphertext || envelope['aad'] !== undefined) return refused('malformed');

  const parts: JweParts = {
    enc,
    curve,
    epk,
    apu,
    apv,
    recipientDid: recipients.did,
    recipients: recipients.list,
    iv,
    sealed: { ciphertext, tag },
    aad: utf8(parsed.text),
  };
  if (alg === ANONCRYPT_ALG)
    return header['skid'] === undefined ? { kind: 'anoncrypt', ...parts } : refused('header');
  const skid = readSkid(header['skid'], apu);
  return skid === undefined ? refused('header') : { kind: 'authcrypt', skid, ...parts };
}

/** R10: `apu` carries the sender's kid; `skid` repeats it or is missing ("ECDH-1PU key wrapping and common protected headers"). */
function readSkid(skid: JsonValue | undefined, apu: Bytes): KeyId | undefined {
  const fromApu = fromUtf8(apu);
  return isKeyId(fromApu) && (skid === undefined || skid === fromApu) ? fromApu : undefined;
}

/** R11: at least one recipient, not too many, all of them keys of one DID. */
function readRecipients(
  list: JsonValue | undefined,
  header: JsonObject,
  most: number,
): { readonly kind: 'ok'; readonly did: Did; readonly list: readonly JweRecipient[] } | Refused {
  if (!Array.isArray(list)) return refused('malformed');
  if (list.length === 0 || list.length > most) return refused('recipients');
  const recipients: JweRecipient[] = [];
  const dids = new Set<Did | undefined>();
  for (const entry of list) {
    if (!isJsonObject(entry)) return refused('malformed');
    const fault = checkHeaders(header, entry['header']);
    if (fault) return refused(fault);
    const kid = isJsonObject(entry['header']) ? entry['header']['kid'] : undefined;
    const encryptedKey = readBytes(entry['encrypted_key']);
    if (typeof kid !== 'string' || encryptedKey === undefined) return refused('malformed');
    dids.add(didOf(kid));
    recipients.push({ kid, encryptedKey });
  }
  // A relative kid names no DID and is refused: nobody could tell whose key it is. One without a fragment
  // can, as the did:key form that some peers write.
  const [did] = dids;
  if (did === undefined || dids.size !== 1) return refused('recipients');
  return { kind: 'ok', did, list: recipients };
}

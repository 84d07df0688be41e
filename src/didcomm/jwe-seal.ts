import { aesCbcHmac } from '../crypto/aes-cbc-hmac.ts';
import { agreementCurve } from '../crypto/agreement.ts';
import type { ContentCipher } from '../crypto/content-cipher.ts';
import { wrapKey } from '../crypto/key-wrap.ts';
import type { PublicKey } from '../did/did.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { randomBytes, utf8, type Bytes } from '../lib/bytes.ts';
import type { ContentEncryption, EnvelopeEngine, OwnKey } from './engine.ts';
import {
  ANONCRYPT_ALG,
  AUTHCRYPT_ALG,
  digestOfKids,
  importedKey,
  wrappingKeyOf,
} from './jwe-keys.ts';
import { ENCRYPTED_TYP } from './plaintext.ts';

export interface NamedCipher {
  readonly enc: ContentEncryption;
  readonly cipher: ContentCipher;
}

/** `EnvelopeEngine.authcrypt` on Web Crypto: all that a page, which only ever packs, has of an engine. */
export const authcrypt: EnvelopeEngine['authcrypt'] = (plaintext, sender, recipients) =>
  sealJwe(plaintext, recipients, { enc: 'A256CBC-HS512', cipher: aesCbcHmac }, sender);

/** The same without a sender; with the one content encryption that Parley writes (rule I4). */
export const anoncrypt = (plaintext: Bytes, recipients: readonly PublicKey[]): Promise<string> =>
  sealJwe(plaintext, recipients, { enc: 'A256CBC-HS512', cipher: aesCbcHmac });

/**
 * Encrypts to every key of one DID ("Encryption" in the messaging spec; RFC 7516, RFC 7518 section 4.6,
 * draft-madden-jose-ecdh-1pu-04).
 * @param recipients at least one, all of one curve and safe to agree with
 * @param cipher the one that `enc` names; passed in, so that who packs with one brings no other along
 * @param sender present = authcrypt
 * @returns JWE, general JSON serialisation
 */
export async function sealJwe(
  plaintext: Bytes,
  recipients: readonly PublicKey[],
  { enc, cipher }: NamedCipher,
  sender?: OwnKey,
): Promise<string> {
  const curve = await agreementCurve(recipients[0]?.curve);
  if (!curve || recipients.some((key) => key.curve !== curve.name))
    throw new TypeError('recipients of one supported curve are needed');
  const alg = sender ? AUTHCRYPT_ALG : ANONCRYPT_ALG;
  const ephemeral = await curve.ephemeral();
  const apu = utf8(sender?.kid ?? '');
  const apv = await digestOfKids(recipients.map((key) => key.kid));
  const protectedB64u = toBase64Url(
    utf8(
      JSON.stringify({
        typ: ENCRYPTED_TYP,
        alg,
        enc,
        ...(sender ? { skid: sender.kid, apu: toBase64Url(apu) } : {}),
        apv: toBase64Url(apv),
        epk: curve.toJwk(ephemeral.publicBytes),
      }),
    ),
  );
  const contentKey = randomBytes(cipher.keyLength);
  const iv = randomBytes(cipher.ivLength);
  const { ciphertext, tag } = await cipher.seal(contentKey, iv, utf8(protectedB64u), plaintext);

  const wrapFor = async (key: PublicKey) => {
    const theirs = await importedKey(curve, key.publicBytes);
    const ours = sender ? [ephemeral.privateKey, sender.privateKey] : [ephemeral.privateKey];
    const shared = await Promise.all(ours.map((privateKey) => curve.agree(privateKey, theirs)));
    const wrappingKey = await wrappingKeyOf(alg, shared, apu, apv, tag);
    const encryptedKey = await wrapKey(wrappingKey, contentKey);
    return { header: { kid: key.kid }, encrypted_key: toBase64Url(encryptedKey) };
  };
  return JSON.stringify({
    protected: protectedB64u,
    recipients: await Promise.all(recipients.map(wrapFor)),
    iv: toBase64Url(iv),
    ciphertext: toBase64Url(ciphertext),
    tag: toBase64Url(tag),
  });
}

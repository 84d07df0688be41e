import { agreementCurve, type AgreementCurve } from '../crypto/agreement.ts';
import { concatKdf } from '../crypto/concat-kdf.ts';
import { contentCiphers } from '../crypto/content-encryption.ts';
import { unwrapKey, wrapKey } from '../crypto/key-wrap.ts';
import { didOf, type KeyId, type PublicKey, type ResolveDid } from '../did/did.ts';
import { findKey } from '../did/key-alias.ts';
import { toBase64Url } from '../lib/base64url.ts';
import { concatBytes, equalBytes, randomBytes, utf8, type Bytes } from '../lib/bytes.ts';
import type { ContentEncryption, Layer, OwnKey, Secrets } from './engine.ts';
import { refused, type Refused } from './jose-header.ts';
import { ANONCRYPT_ALG, AUTHCRYPT_ALG, type Jwe } from './jwe-parse.ts';
import { ENCRYPTED_TYP } from './plaintext.ts';

/**
 * Encrypts to every key of one DID ("Encryption" in the messaging spec; RFC 7516, RFC 7518 section 4.6,
 * draft-madden-jose-ecdh-1pu-04).
 * @param recipients at least one, all of one curve and safe to agree with
 * @param sender present = authcrypt
 * @returns JWE, general JSON serialisation
 */
export async function sealJwe(
  plaintext: Bytes,
  recipients: readonly PublicKey[],
  enc: ContentEncryption,
  sender?: OwnKey,
): Promise<string> {
  const curve = agreementCurve(recipients[0]?.curve);
  if (!curve || recipients.some((key) => key.curve !== recipients[0]?.curve))
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
  const cipher = contentCiphers[enc];
  const contentKey = randomBytes(cipher.keyLength);
  const iv = randomBytes(cipher.ivLength);
  const { ciphertext, tag } = await cipher.seal(contentKey, iv, utf8(protectedB64u), plaintext);

  const wrapFor = async (key: PublicKey) => {
    const shared = [await curve.agree(ephemeral.privateKey, key.publicBytes)];
    if (sender) shared.push(await curve.agree(sender.privateKey, key.publicBytes));
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

export type OpenedJwe =
  | { readonly kind: 'ok'; readonly layer: Layer; readonly content: Bytes }
  | { readonly kind: 'not-for-us'; readonly recipientKids: readonly string[] }
  | Refused;

/** Opens a parsed JWE with the first of its recipient keys that is ours. */
export async function openJwe(jwe: Jwe, secrets: Secrets, resolve: ResolveDid): Promise<OpenedJwe> {
  const recipientKids = jwe.recipients.map((recipient) => recipient.kid);
  if (!equalBytes(jwe.apv, await digestOfKids(recipientKids))) return refused('header'); // R10

  const ours = await findOurs(jwe, secrets);
  if (!ours) return { kind: 'not-for-us', recipientKids };
  const { kid: recipientKid, encryptedKey, privateKey } = ours;

  const shared = [await jwe.curve.agree(privateKey, jwe.epk)];
  if (jwe.kind === 'authcrypt') {
    const sender = await senderKey(jwe.skid, jwe.curve, resolve);
    if (sender.kind === 'refused') return sender;
    shared.push(await jwe.curve.agree(privateKey, sender.publicBytes));
  }
  const { apu, apv, enc, iv, aad, sealed } = jwe;
  const cipher = contentCiphers[enc];
  const alg = jwe.kind === 'authcrypt' ? AUTHCRYPT_ALG : ANONCRYPT_ALG;
  const wrappingKey = await wrappingKeyOf(alg, shared, apu, apv, sealed.tag);
  const contentKey = await unwrapKey(wrappingKey, encryptedKey);
  if (contentKey?.length !== cipher.keyLength) return refused('decrypt');
  const content = await cipher.open(contentKey, iv, aad, sealed);
  if (content === undefined) return refused('decrypt');

  const recipient = { recipientKid, recipientKids };
  const layer: Layer =
    jwe.kind === 'authcrypt'
      ? { kind: 'authcrypt', senderKid: jwe.skid, ...recipient }
      : { kind: 'anoncrypt', enc, ...recipient };
  return { kind: 'ok', layer, content };
}

async function findOurs(jwe: Jwe, secrets: Secrets) {
  for (const { kid, encryptedKey } of jwe.recipients) {
    const privateKey = await secrets.agreementKey(kid);
    if (privateKey) return { kid, encryptedKey, privateKey };
  }
  return undefined;
}

/** The key that `skid` names, if its DID has it for key agreement on this curve. */
async function senderKey(
  skid: KeyId,
  curve: AgreementCurve,
  resolve: ResolveDid,
): Promise<{ readonly kind: 'ok'; readonly publicBytes: Bytes } | Refused> {
  const resolution = await resolve(didOf(skid) ?? '');
  if (resolution.kind !== 'ok') return refused('did');
  const key = findKey(resolution.document.keyAgreement, skid);
  if (!key || agreementCurve(key.curve) !== curve || !curve.isSafe(key.publicBytes))
    return refused('sender');
  return { kind: 'ok', publicBytes: key.publicBytes };
}

/** "The `apv` … is the SHA-256 of the recipients' kids, sorted and joined with `.`". */
const digestOfKids = async (kids: readonly string[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(kids.toSorted().join('.'))));

/**
 * The key-encryption key. Z is Ze, or Ze || Zs for ECDH-1PU, which binds the tag of the content too; the
 * specification prints that sentence under ECDH-ES as well, yet its own vectors leave the tag out there.
 */
const wrappingKeyOf = (
  algorithm: typeof AUTHCRYPT_ALG | typeof ANONCRYPT_ALG,
  shared: readonly Bytes[],
  apu: Bytes,
  apv: Bytes,
  tag: Bytes,
): Promise<Bytes> =>
  concatKdf({
    secret: concatBytes(...shared),
    algorithm,
    apu,
    apv,
    keyBits: 256,
    ...(algorithm === AUTHCRYPT_ALG ? { tag } : {}),
  });

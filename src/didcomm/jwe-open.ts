import { curveOf } from '../crypto/agreement.ts';
import type { AgreementCurve } from '../crypto/agreement-curve.ts';
import { contentCiphers } from '../crypto/content-encryption.ts';
import { unwrapKey } from '../crypto/key-wrap.ts';
import { didOf, type KeyId, type ResolveDid } from '../did/did.ts';
import { findKey } from '../did/key-alias.ts';
import { equalBytes, type Bytes } from '../lib/bytes.ts';
import type { Layer, Secrets } from './engine.ts';
import { refused, type Refused } from './jose-header.ts';
import {
  ANONCRYPT_ALG,
  AUTHCRYPT_ALG,
  digestOfKids,
  importedKey,
  wrappingKeyOf,
} from './jwe-keys.ts';
import type { Jwe } from './jwe-parse.ts';

export type OpenedJwe =
  | { readonly kind: 'ok'; readonly layer: Layer; readonly content: Bytes }
  | { readonly kind: 'not-for-us'; readonly recipientKids: readonly string[] }
  | Refused;

/** Opens a parsed JWE with the first of its recipient keys that is ours. */
export async function openJwe(jwe: Jwe, secrets: Secrets, resolve: ResolveDid): Promise<OpenedJwe> {
  const recipientKids = jwe.recipients.map((recipient) => recipient.kid);
  const { curve, epk, apv } = jwe;
  // All at once, here and below: every call of Web Crypto is a trip to another thread.
  const [digest, ours, sender] = await Promise.all([
    digestOfKids(recipientKids),
    findOurs(jwe, secrets),
    jwe.kind === 'authcrypt' ? senderKey(jwe.skid, curve, resolve) : undefined,
  ]);
  if (!equalBytes(apv, digest)) return refused('header'); // R10
  if (!ours) return { kind: 'not-for-us', recipientKids };
  const { kid: recipientKid, encryptedKey, privateKey } = ours;
  if (curveOf(privateKey) !== curve.name) return refused('epk'); // "epk … the same curve as the recipients"

  if (sender?.kind === 'refused') return sender;
  const theirs = [curve.importPublic(epk), ...(sender ? [sender.publicKey] : [])];
  const shared = await Promise.all(theirs.map(async (key) => curve.agree(privateKey, await key)));
  const { apu, enc, iv, aad, sealed } = jwe;
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
      ? { kind: 'authcrypt', senderKid: jwe.skid, tag: sealed.tag, ...recipient }
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
): Promise<{ readonly kind: 'ok'; readonly publicKey: Promise<CryptoKey> } | Refused> {
  const resolution = await resolve(didOf(skid) ?? '');
  if (resolution.kind !== 'ok') return refused('did');
  const key = findKey(resolution.document.keyAgreement, skid);
  return key?.curve === curve.name && curve.isSafe(key.publicBytes)
    ? { kind: 'ok', publicKey: importedKey(curve, key.publicBytes) }
    : refused('sender');
}

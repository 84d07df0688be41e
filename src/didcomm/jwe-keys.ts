import type { AgreementCurve } from '../crypto/agreement-curve.ts';
import { concatKdf } from '../crypto/concat-kdf.ts';
import { concatBytes, utf8, type Bytes } from '../lib/bytes.ts';

// What sealing and opening a JWE have in common.

export const AUTHCRYPT_ALG = 'ECDH-1PU+A256KW';
export const ANONCRYPT_ALG = 'ECDH-ES+A256KW';

const imported = new WeakMap<Bytes, Promise<CryptoKey>>();

/** The key of a document, ready to agree with; documents are kept, so that it is there the next time. */
export function importedKey(curve: AgreementCurve, publicBytes: Bytes): Promise<CryptoKey> {
  const key = imported.get(publicBytes) ?? curve.importPublic(publicBytes);
  imported.set(publicBytes, key);
  return key;
}

/** A contact writes to the same keys again and again. */
const digests = new Map<string, Promise<ArrayBuffer>>();
const DIGESTS_KEPT = 64;

/** "The `apv` … is the SHA-256 of the recipients' kids, sorted and joined with `.`". */
export async function digestOfKids(kids: readonly string[]): Promise<Bytes> {
  const joined = kids.toSorted().join('.');
  const digest = digests.get(joined) ?? crypto.subtle.digest('SHA-256', utf8(joined));
  if (digests.size >= DIGESTS_KEPT) digests.clear();
  digests.set(joined, digest);
  return new Uint8Array(await digest);
}

/**
 * The key-encryption key. Z is Ze, or Ze || Zs for ECDH-1PU, which binds the tag of the content too; the
 * specification prints that sentence under ECDH-ES as well, yet its own vectors leave the tag out there.
 */
export const wrappingKeyOf = (
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

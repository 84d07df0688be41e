import { utf8, type Bytes } from '../lib/bytes.ts';

/**
 * The vault key while the vault is open: a non-extractable HKDF key, which can also be lent by a page to
 * the service worker (HKDF keys pass through postMessage in every engine).
 */
export interface VaultHandle {
  readonly key: CryptoKey;
  readonly vaultId: Bytes;
  /** Generation of the key. */
  readonly gen: number;
}

type AesUsage = 'encrypt' | 'decrypt' | 'wrapKey' | 'unwrapKey';

/** An AES-256-GCM key for one purpose. */
export const deriveAesKey = (
  vault: VaultHandle,
  info: string,
  usages: readonly AesUsage[],
): Promise<CryptoKey> => derive(vault, info, { name: 'AES-GCM', length: 256 }, usages);

/** An HMAC-SHA-256 key for one purpose. */
export const deriveMacKey = (vault: VaultHandle, info: string): Promise<CryptoKey> =>
  derive(vault, info, { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']);

function derive(
  vault: VaultHandle,
  info: string,
  algorithm: AesDerivedKeyParams | HmacImportParams,
  usages: readonly (AesUsage | 'sign')[],
): Promise<CryptoKey> {
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: vault.vaultId, info: utf8(info) };
  return crypto.subtle.deriveKey(hkdf, vault.key, algorithm, false, [...usages]);
}

import { toBase64Url } from '../lib/base64url.ts';
import { concatBytes, randomBytes, utf8, type Bytes } from '../lib/bytes.ts';
import { isRefusal } from './seal.ts';

/** What a slot is, besides the wrapped key itself. */
export interface SlotTerms {
  readonly id: string;
  /**
   * Where the key that opens the slot comes from. `device`: it is the device key, so nothing is asked of
   * the person ("No lock").
   */
  readonly kind: 'device' | 'passphrase' | 'passkey' | 'recovery';
  /** Generation of the vault key inside. */
  readonly vkGen: number;
  /** How the opening key is derived, as JSON text; empty where nothing is derived. */
  readonly kdfParams: string;
}

/** One way to the vault key; any one slot opens it. */
export interface Slot extends SlotTerms {
  /** iv(12), ciphertext(32), tag(16). */
  readonly wrapped: Bytes;
}

const IV_LENGTH = 12;

/** @param openingKey AES-GCM, for `encrypt` */
export async function fillSlot(
  openingKey: CryptoKey,
  terms: SlotTerms,
  vaultKeyBytes: Bytes,
): Promise<Slot> {
  const iv = randomBytes(IV_LENGTH);
  const algorithm = { name: 'AES-GCM', iv, additionalData: await slotAad(terms) };
  const wrapped = await crypto.subtle.encrypt(algorithm, openingKey, vaultKeyBytes);
  return { ...terms, wrapped: concatBytes(iv, new Uint8Array(wrapped)) };
}

/**
 * The vault key goes straight into its handle: its bytes never come before script again.
 * @param openingKey AES-GCM, for `unwrapKey`
 * @returns an HKDF key, not extractable; undefined when the key is not the slot's, or the slot was altered
 */
export async function openSlot(openingKey: CryptoKey, slot: Slot): Promise<CryptoKey | undefined> {
  const iv = slot.wrapped.subarray(0, IV_LENGTH);
  const algorithm = { name: 'AES-GCM', iv, additionalData: await slotAad(slot) };
  const wrapped = slot.wrapped.subarray(IV_LENGTH);
  try {
    return await crypto.subtle.unwrapKey('raw', wrapped, openingKey, algorithm, 'HKDF', false, [
      'deriveKey',
    ]);
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Binds the terms, so that no slot can be passed off as another, or its derivation weakened. */
async function slotAad({ id, kind, vkGen, kdfParams }: SlotTerms): Promise<Bytes> {
  const kdfHash = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(kdfParams)));
  return utf8(`dw1|slot|${id}|${kind}|${vkGen}|${toBase64Url(kdfHash)}`);
}

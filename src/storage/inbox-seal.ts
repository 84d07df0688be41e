import { generateAgreementKeys, importX25519Public } from '../crypto/keys.ts';
import { concatBytes, utf8, type Bytes } from '../lib/bytes.ts';
import { once } from './key-cache.ts';
import {
  ALG_X25519_AES_GCM,
  faultOfHeader,
  HEADER_LENGTH,
  isRefusal,
  newHeader,
  openJson,
  sealJson,
  type OpenedRow,
} from './seal.ts';

// Arrivals are sealed to a public key, so that a wallet that is locked can store what it cannot read.

/** The public half of the inbox key. */
export interface InboxPublicKey {
  readonly gen: number;
  /** X25519, 32 bytes. */
  readonly publicBytes: Bytes;
}

const TABLE = 'inbox';
const EPHEMERAL_LENGTH = 32;
const INFO_LABEL = utf8('dw1/inbox');
const NO_SALT = new Uint8Array(0);

/** @returns seals the row of this id; no one but the vault opens it again, not even this device */
export function inboxSealer(inbox: InboxPublicKey): (id: string, value: unknown) => Promise<Bytes> {
  const recipient = once(() => importX25519Public(inbox.publicBytes));
  return async (id, value) => {
    const { publicBytes, privateKey } = await generateAgreementKeys();
    const key = await agreeKey(privateKey, await recipient(), publicBytes, inbox, 'encrypt');
    const header = newHeader(ALG_X25519_AES_GCM, inbox.gen, publicBytes);
    return sealJson(header, key, { table: TABLE, id, gen: inbox.gen }, value);
  };
}

/** @param privateKey the inbox key, which only the vault has */
export function inboxOpener(
  inbox: InboxPublicKey,
  privateKey: () => Promise<CryptoKey>,
): (id: string, sealed: Bytes) => Promise<OpenedRow> {
  return async (id, sealed) => {
    const fault = faultOfHeader(sealed, ALG_X25519_AES_GCM, inbox.gen);
    if (fault) return fault;
    const headerLength = HEADER_LENGTH + EPHEMERAL_LENGTH;
    const ephemeral = sealed.slice(HEADER_LENGTH, headerLength);
    if (ephemeral.length < EPHEMERAL_LENGTH) return { kind: 'damaged' };
    const key = await agreeForOpening(await privateKey(), ephemeral, inbox);
    if (!key) return { kind: 'damaged' };
    return openJson(sealed, headerLength, key, { table: TABLE, id, gen: inbox.gen });
  };
}

/** Undefined for a point of low order, which Web Crypto refuses to agree with (RFC 7748 section 6.1). */
async function agreeForOpening(
  privateKey: CryptoKey,
  ephemeral: Bytes,
  inbox: InboxPublicKey,
): Promise<CryptoKey | undefined> {
  try {
    const publicKey = await importX25519Public(ephemeral);
    return await agreeKey(privateKey, publicKey, ephemeral, inbox, 'decrypt');
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

async function agreeKey(
  privateKey: CryptoKey,
  publicKey: CryptoKey,
  ephemeral: Bytes,
  inbox: InboxPublicKey,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const agreement = { name: 'X25519', public: publicKey };
  const secret = await crypto.subtle.deriveBits(agreement, privateKey, 256);
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const info = concatBytes(INFO_LABEL, ephemeral, inbox.publicBytes);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: NO_SALT, info },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    [usage],
  );
}

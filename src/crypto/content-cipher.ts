import type { Bytes } from '../lib/bytes.ts';

export interface Sealed {
  readonly ciphertext: Bytes;
  readonly tag: Bytes;
}

/** One authenticated cipher of JWE. Keys and nonces must have exactly the lengths stated. */
export interface ContentCipher {
  readonly keyLength: number;
  readonly ivLength: number;
  readonly tagLength: number;
  readonly seal: (key: Bytes, iv: Bytes, aad: Bytes, plaintext: Bytes) => Promise<Sealed>;
  /** @returns undefined when the tag does not fit */
  readonly open: (key: Bytes, iv: Bytes, aad: Bytes, sealed: Sealed) => Promise<Bytes | undefined>;
}

/** What ciphers with a tag of 16 bytes at the end give. */
export const splitTag = (sealed: Bytes): Sealed => ({
  ciphertext: sealed.subarray(0, -16),
  tag: sealed.subarray(-16),
});

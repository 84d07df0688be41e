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
  seal(key: Bytes, iv: Bytes, aad: Bytes, plaintext: Bytes): Promise<Sealed>;
  /** @returns undefined when the tag does not fit */
  open(key: Bytes, iv: Bytes, aad: Bytes, sealed: Sealed): Promise<Bytes | undefined>;
}

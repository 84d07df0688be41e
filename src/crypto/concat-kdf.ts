import { concatBytes, uint32, utf8, type Bytes } from '../lib/bytes.ts';

export interface KdfInput {
  /** The shared secret Z; for ECDH-1PU the concatenation Ze || Zs. */
  readonly secret: Bytes;
  /** AlgorithmID: the `alg` of a key wrap, the `enc` of direct agreement. */
  readonly algorithm: string;
  readonly apu: Bytes;
  readonly apv: Bytes;
  /** At most 256: one round of SHA-256. */
  readonly keyBits: number;
  /** ECDH-1PU with key wrapping only: the tag of the content (draft-madden-jose-ecdh-1pu-04, section 2.3). */
  readonly tag?: Bytes;
}

/** Concat KDF of NIST SP 800-56A with SHA-256, as RFC 7518 section 4.6.2 profiles it. */
export async function concatKdf(input: KdfInput): Promise<Bytes> {
  const { algorithm, apu, apv, keyBits, tag } = input;
  const named = [utf8(algorithm), apu, apv].flatMap((part) => [uint32(part.length), part]);
  const bound = tag === undefined ? [] : [uint32(tag.length), tag];
  const whole = concatBytes(uint32(1), input.secret, ...named, uint32(keyBits), ...bound);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole), 0, keyBits / 8);
}

import { concatBytes, utf8, type Bytes } from '../lib/bytes.ts';

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
  const firstRound = uint32(1);
  const whole = await crypto.subtle.digest(
    'SHA-256',
    concatBytes(
      firstRound,
      input.secret,
      withLength(utf8(input.algorithm)),
      withLength(input.apu),
      withLength(input.apv),
      uint32(input.keyBits),
      ...(input.tag === undefined ? [] : [withLength(input.tag)]),
    ),
  );
  return new Uint8Array(whole, 0, input.keyBits / 8);
}

const withLength = (data: Bytes): Bytes => concatBytes(uint32(data.length), data);

function uint32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

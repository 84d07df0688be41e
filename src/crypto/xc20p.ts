import { concatBytes, equalBytes, type Bytes } from '../lib/bytes.ts';
import { chacha20, hchacha20 } from './chacha20.ts';
import { poly1305 } from './poly1305.ts';

// Web Crypto has no XChaCha20-Poly1305, and Parley needs it only to read what others send. Written here
// because a library for it takes 4.6 kB of the 60 that the service worker has, and this a quarter of that;
// it is tested against Wycheproof, against @noble/ciphers and against the reference implementation.

const TAG_LENGTH = 16;

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03). @returns ciphertext followed by the tag of 16 bytes */
export function xc20pSeal(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes): Bytes {
  const { subkey, subnonce } = derive(key, nonce);
  const ciphertext = chacha20(subkey, subnonce, 1, plaintext);
  return concatBytes(ciphertext, tagOf(subkey, subnonce, aad, ciphertext));
}

/** @returns undefined when the tag does not fit */
export function xc20pOpen(key: Bytes, nonce: Bytes, aad: Bytes, sealed: Bytes): Bytes | undefined {
  if (sealed.length < TAG_LENGTH) return undefined;
  const { subkey, subnonce } = derive(key, nonce);
  const ciphertext = sealed.subarray(0, -TAG_LENGTH);
  const tag = tagOf(subkey, subnonce, aad, ciphertext);
  return equalBytes(tag, sealed.subarray(-TAG_LENGTH))
    ? chacha20(subkey, subnonce, 1, ciphertext)
    : undefined;
}

const derive = (
  key: Bytes,
  nonce: Bytes,
): { readonly subkey: Bytes; readonly subnonce: Bytes } => ({
  subkey: hchacha20(key, nonce.subarray(0, 16)),
  subnonce: concatBytes(new Uint8Array(4), nonce.subarray(16, 24)),
});

/** The tag of RFC 8439 section 2.8, under a one-time key from block 0. */
function tagOf(key: Bytes, nonce: Bytes, aad: Bytes, ciphertext: Bytes): Bytes {
  const lengths = new Uint8Array(16);
  const view = new DataView(lengths.buffer);
  view.setUint32(0, aad.length, true);
  view.setUint32(8, ciphertext.length, true);
  const once = chacha20(key, nonce, 0, new Uint8Array(32));
  return poly1305(once, concatBytes(aad, padding(aad), ciphertext, padding(ciphertext), lengths));
}

const padding = (bytes: Bytes): Bytes => new Uint8Array((16 - (bytes.length % 16)) % 16);

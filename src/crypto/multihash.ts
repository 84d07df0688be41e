import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8 } from '../lib/bytes.ts';
import { toMultibase } from './multibase.ts';

const SHA2_256 = new Uint8Array([0x12, 0x20]);

/**
 * The multibase multihash of a text's UTF-8: `zQm…`, 47 characters.
 * Synchronous on purpose (Web Crypto's digest is not), so that DIDs resolve by a pure function.
 */
export const sha256Multihash = (text: string): string =>
  toMultibase(concatBytes(SHA2_256, sha256(utf8(text))));

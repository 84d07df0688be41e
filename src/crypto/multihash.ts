import { concatBytes, utf8 } from '../lib/bytes.ts';
import { toMultibase } from './multibase.ts';

const SHA2_256 = new Uint8Array([0x12, 0x20]);

/**
 * The multibase multihash of a text's UTF-8: `zQm…`, 47 characters.
 */
export async function sha256Multihash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', utf8(text));
  return toMultibase(concatBytes(SHA2_256, new Uint8Array(digest)));
}

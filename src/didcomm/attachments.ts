import { isAnyBase64 } from '../lib/base64url.ts';
import type { Attachment } from './plaintext.ts';

/** Ours, per attachment. What stands in the message itself is bounded with the envelope. */
const MAX_LINKS = 8;
const MAX_LINK_LENGTH = 2048;
const MAX_HASH_LENGTH = 256;

/** R31 (messaging spec, "Attachments"): content in one of the three forms, of links only with its hash. */
export function isSound({ data }: Attachment): boolean {
  const { base64, json, links = [], hash } = data;
  if (base64 !== undefined && !isAnyBase64(base64)) return false;
  if (links.length === 0) return base64 !== undefined || json !== undefined;
  const isHashed = hash !== undefined && hash !== '' && hash.length <= MAX_HASH_LENGTH;
  return (
    isHashed &&
    links.length <= MAX_LINKS &&
    links.every((link) => link !== '' && link.length <= MAX_LINK_LENGTH)
  );
}

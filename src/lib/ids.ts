import { toBase64Url } from './base64url.ts';
import { randomBytes } from './bytes.ts';

/** A random UUID (version 4). Not crypto.randomUUID, which insecure contexts lack. */
export function newMessageId(): string {
  const bytes = randomBytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Ids of messages are written in lower case, and compared in any (messaging spec, "Message IDs"; rule I13). */
export const isSameId = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && a.toLowerCase() === b?.toLowerCase();

/** A random row id: 16 bytes as base64url, 22 characters. */
export const newRowId = (): string => toBase64Url(randomBytes(16));

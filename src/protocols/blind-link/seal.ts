import { contentCiphers } from '../../crypto/content-encryption.ts';
import { fromBase64Url, toBase64Url } from '../../lib/base64url.ts';
import { concatBytes, fromUtf8, randomBytes, utf8, type Bytes } from '../../lib/bytes.ts';
import { CONTENT_STEP_BYTES, LINK_ID_BYTES, MAX_CONTENT_BYTES } from './messages.ts';

// A short link is `<origin>/i#<secret>`. Browsers keep the fragment to themselves, so the server that
// gives the content away learns neither the secret nor what the content says.

const SECRET_BYTES = 32;
const gcm = contentCiphers.A256GCM;
const OVERHEAD_BYTES = gcm.ivLength + gcm.tagLength;
const SPACE = 0x20;

/** 32 random bytes, base64url. */
export const newLinkSecret = (): string => toBase64Url(randomBytes(SECRET_BYTES));

export const shortLink = (origin: string, secretB64u: string): string =>
  `${origin}/i#${secretB64u}`;

interface LinkKeys {
  readonly idBytes: Bytes;
  readonly keyBytes: Bytes;
}

/** @throws Error for a text that is no secret: parse.ts and `newLinkSecret` give only secrets. */
async function keysOf(secretB64u: string): Promise<LinkKeys> {
  const secret = fromBase64Url(secretB64u);
  if (secret?.length !== SECRET_BYTES) throw new Error('not the secret of a link');
  const root = await crypto.subtle.importKey('raw', secret, { name: 'HKDF' }, false, [
    'deriveBits',
  ]);
  const derive = async (info: string, length: number): Promise<Bytes> => {
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(info) };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, root, length * 8));
  };
  return {
    idBytes: await derive('parley/i/id', LINK_ID_BYTES),
    keyBytes: await derive('parley/i/key', gcm.keyLength),
  };
}

/** Where the content of a link lies: `<origin>/i/<id>`. */
export const linkIdOf = async (secretB64u: string): Promise<string> =>
  toBase64Url((await keysOf(secretB64u)).idBytes);

export interface SealedLink {
  readonly id: string;
  readonly content: string;
}

/**
 * Seals a JSON text: random IV, then AES-256-GCM with the id as additional data. White space behind the
 * JSON fills it up to the next step.
 * @returns id and content as `put` takes them; undefined when the text is too long for a link
 */
export async function sealLink(secretB64u: string, json: string): Promise<SealedLink | undefined> {
  const { idBytes, keyBytes } = await keysOf(secretB64u);
  const text = utf8(json);
  const steps = Math.ceil((text.length + OVERHEAD_BYTES) / CONTENT_STEP_BYTES);
  if (steps * CONTENT_STEP_BYTES > MAX_CONTENT_BYTES) return undefined;
  const padded = new Uint8Array(steps * CONTENT_STEP_BYTES - OVERHEAD_BYTES).fill(SPACE);
  padded.set(text);
  const iv = randomBytes(gcm.ivLength);
  const { ciphertext, tag } = await gcm.seal(keyBytes, iv, idBytes, padded);
  return { id: toBase64Url(idBytes), content: toBase64Url(concatBytes(iv, ciphertext, tag)) };
}

/** @returns undefined for content that this secret did not seal, or that was changed */
export async function openLink(secretB64u: string, content: Bytes): Promise<string | undefined> {
  if (content.length > MAX_CONTENT_BYTES || content.length < OVERHEAD_BYTES) return undefined;
  const { idBytes, keyBytes } = await keysOf(secretB64u);
  const opened = await gcm.open(keyBytes, content.subarray(0, gcm.ivLength), idBytes, {
    ciphertext: content.subarray(gcm.ivLength, -gcm.tagLength),
    tag: content.subarray(-gcm.tagLength),
  });
  return opened && fromUtf8(opened)?.trimEnd();
}

import { agreementCurve } from '../crypto/agreement.ts';
import { concatKdf } from '../crypto/concat-kdf.ts';
import { contentCiphers } from '../crypto/content-encryption.ts';
import { wrapKey } from '../crypto/key-wrap.ts';
import { signEd25519 } from '../crypto/signature.ts';
import type { OwnKey, ContentEncryption } from '../didcomm/engine.ts';
import { fromAnyBase64, toBase64Url } from '../lib/base64url.ts';
import { concatBytes, randomBytes, utf8, type Bytes } from '../lib/bytes.ts';

// Builds envelopes that no honest program makes. Every other part stays right, keys and tags included, so
// that a refusal is owed to the one thing forged. Written apart from the engine under test: it shares the
// primitives only.

export type Json = Readonly<Record<string, unknown>>;
/** Changes what was built so far: a header before it is covered, or the envelope when it is done. */
export type Edit = (built: Json) => unknown;

export interface ForgedRecipient {
  readonly kid: string;
  readonly publicBytes: Bytes;
}

interface JweOrder {
  readonly content: unknown;
  readonly to: readonly ForgedRecipient[];
  /** Present = ECDH-1PU; the key used and the kid stated need not belong together. */
  readonly from?: OwnKey;
  readonly enc?: ContentEncryption;
  /** The protected header; `apu` and `apv` of the result go into the key derivation. */
  readonly header?: Edit;
  readonly envelope?: Edit;
  /** What is wrapped in place of the content key. */
  readonly wrapped?: (contentKey: Bytes) => Bytes;
  /** The key derivation of older drafts of ECDH-1PU: without the tag. */
  readonly withoutTag?: boolean;
}

export async function forgeJwe(order: JweOrder): Promise<string> {
  const { wrapped = (contentKey: Bytes) => contentKey } = order;
  const { content, to, from, enc = 'A256CBC-HS512', header: edit = same, envelope = same } = order;
  const x25519 = (await agreementCurve('X25519'))!;
  const ephemeral = await x25519.ephemeral();
  const alg = from ? 'ECDH-1PU+A256KW' : 'ECDH-ES+A256KW';
  const header = edit({
    typ: 'application/didcomm-encrypted+json',
    alg,
    enc,
    ...(from ? { skid: from.kid, apu: toBase64Url(utf8(from.kid)) } : {}),
    apv: await apvOf(to.map(({ kid }) => kid)),
    epk: x25519.toJwk(ephemeral.publicBytes),
  });
  const { apu, apv } = typeof header === 'object' ? (header as Json) : {};
  const protectedB64u = encode(header);
  const cipher = contentCiphers[enc];
  const contentKey = randomBytes(cipher.keyLength);
  const iv = randomBytes(cipher.ivLength);
  const { ciphertext, tag } = await cipher.seal(
    contentKey,
    iv,
    utf8(protectedB64u),
    bytesOf(content),
  );
  const recipients = to.map(async ({ kid, publicBytes }) => {
    const theirs = await x25519.importPublic(publicBytes);
    const shared = [await x25519.agree(ephemeral.privateKey, theirs)];
    if (from) shared.push(await x25519.agree(from.privateKey, theirs));
    const wrappingKey = await concatKdf({
      secret: concatBytes(...shared),
      algorithm: alg,
      apu: decoded(apu),
      apv: decoded(apv),
      keyBits: 256,
      ...(from && order.withoutTag !== true ? { tag } : {}),
    });
    return {
      header: { kid },
      encrypted_key: toBase64Url(await wrapKey(wrappingKey, wrapped(contentKey))),
    };
  });
  return textOf(
    envelope({
      protected: protectedB64u,
      recipients: await Promise.all(recipients),
      iv: toBase64Url(iv),
      ciphertext: toBase64Url(ciphertext),
      tag: toBase64Url(tag),
    }),
  );
}

interface JwsOrder {
  readonly content: unknown;
  readonly by: OwnKey;
  readonly header?: Edit;
  /** The unprotected header; the kid stands there. */
  readonly unprotected?: Edit;
  readonly envelope?: Edit;
}

export async function forgeJws({
  content,
  by,
  header = same,
  unprotected = same,
  envelope = same,
}: JwsOrder): Promise<string> {
  const protectedB64u = encode(header({ typ: 'application/didcomm-signed+json', alg: 'EdDSA' }));
  const payload = toBase64Url(bytesOf(content));
  const signature = await signEd25519(by.privateKey, utf8(`${protectedB64u}.${payload}`));
  const entry = {
    protected: protectedB64u,
    signature: toBase64Url(signature),
    header: unprotected({ kid: by.kid }),
  };
  return textOf(envelope({ payload, signatures: [entry] }));
}

interface FromPriorOrder {
  readonly claims: Json;
  readonly by: OwnKey;
  readonly header?: Edit;
  readonly jwt?: (jwt: string) => string;
}

export async function forgeFromPrior({
  claims,
  by,
  header = same,
  jwt = (text) => text,
}: FromPriorOrder): Promise<string> {
  const head = encode(header({ typ: 'JWT', alg: 'EdDSA', crv: 'ED25519', kid: by.kid }));
  const signed = `${head}.${encode(claims)}`;
  return jwt(`${signed}.${toBase64Url(await signEd25519(by.privateKey, utf8(signed)))}`);
}

/** The `apv` that belongs to these kids. */
export async function apvOf(kids: readonly string[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', utf8(kids.toSorted().join('.')));
  return toBase64Url(new Uint8Array(digest));
}

/** An edit that sets members; undefined takes one away. */
export const set =
  (members: Json): Edit =>
  (built) =>
    Object.fromEntries(
      Object.entries({ ...built, ...members }).filter(([, value]) => value !== undefined),
    );

/** An edit that changes the first character of a base64url member: other bytes, same length. */
export const alter =
  (member: string): Edit =>
  (built) => ({ ...built, [member]: altered(String(built[member])) });

export const altered = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);

const same: Edit = (built) => built;
const encode = (part: unknown): string => toBase64Url(bytesOf(part));
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
const bytesOf = (value: unknown): Bytes =>
  value instanceof Uint8Array ? Uint8Array.from(value) : utf8(textOf(value));
const decoded = (b64u: unknown): Bytes =>
  (typeof b64u === 'string' ? fromAnyBase64(b64u) : undefined) ?? new Uint8Array(0);

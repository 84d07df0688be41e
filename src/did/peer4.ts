import { fromMultibase } from '../crypto/multibase.ts';
import { sha256Multihash } from '../crypto/multihash.ts';
import { isJsonObject, parseJsonBytes, type JsonObject } from '../lib/json.ts';
import type { Did, DidResolution } from './did.ts';
import { normaliseDocument } from './document.ts';

const BASE58 = '[1-9A-HJ-NP-Za-km-z]';
/** `did:peer:4<hash>` (short) or `did:peer:4<hash>:<encoded document>` (long). */
const GRAMMAR = new RegExp(`^did:peer:4(zQm${BASE58}{44})(?::(z${BASE58}{6,}))?$`);
const LIMITS = { maxLength: 4096, maxDepth: 16 };
/** The varint of multicodec 0x0200, "json". */
export const JSON_CODEC = new Uint8Array([0x80, 0x04]);

/**
 * Resolves did:peer numalgo 4. The hash is checked on every long form (rule R39). A short form says nothing
 * by itself: it resolves only if the caller kept the long form it was introduced by, and then every id in
 * the document is of the short form.
 */
export async function resolvePeer4(did: Did, knownLong?: Did): Promise<DidResolution> {
  const form = parsePeer4(did);
  if (!form) return { kind: 'malformed' };
  if (form.encoded !== undefined) return open(did, form.hash, form.encoded, shortOf(form.hash));
  if (knownLong === undefined) return { kind: 'unsupported' };
  const known = parsePeer4(knownLong);
  if (known?.encoded === undefined || known.hash !== form.hash) return { kind: 'malformed' };
  return open(did, known.hash, known.encoded, knownLong);
}

/** The short form of a long one, whose document is not read; undefined when the hash is another. */
export async function provedShort(did: Did): Promise<Did | undefined> {
  const form = parsePeer4(did);
  if (form?.encoded === undefined) return undefined;
  return (await sha256Multihash(form.encoded)) === form.hash ? shortOf(form.hash) : undefined;
}

/** The short form of a did:peer:4 of either form; undefined for other DIDs. The hash is not checked here. */
export function shortPeer4(did: Did): Did | undefined {
  const form = parsePeer4(did);
  return form && shortOf(form.hash);
}

const shortOf = (hash: string): Did => `did:peer:4${hash}`;

function parsePeer4(did: Did): { readonly hash: string; readonly encoded?: string } | undefined {
  const [, hash, encoded] = GRAMMAR.exec(did) ?? [];
  if (hash === undefined) return undefined;
  return encoded === undefined ? { hash } : { hash, encoded };
}

async function open(
  did: Did,
  hash: string,
  encoded: string,
  otherForm: Did,
): Promise<DidResolution> {
  if ((await sha256Multihash(encoded)) !== hash) return { kind: 'malformed' };
  const json = decodeDocument(encoded);
  // "The document must not include an id at the root": it would be the DID of someone else.
  if (!json || 'id' in json) return { kind: 'malformed' };
  const document = normaliseDocument(json, did, [otherForm]);
  return document ? { kind: 'ok', document } : { kind: 'malformed' };
}

function decodeDocument(encoded: string): JsonObject | undefined {
  const bytes = fromMultibase(encoded);
  if (!bytes || bytes[0] !== JSON_CODEC[0] || bytes[1] !== JSON_CODEC[1]) return undefined;
  const json = parseJsonBytes(bytes.subarray(JSON_CODEC.length), LIMITS);
  return json.kind === 'ok' && isJsonObject(json.value) ? json.value : undefined;
}

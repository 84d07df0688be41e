import { toBase64Url } from '../lib/base64url.ts';
import { concatBytes, utf8, type Bytes } from '../lib/bytes.ts';
import { toMultibase } from '../crypto/multibase.ts';
import { sha256Multihash } from '../crypto/multihash.ts';
import { encodeKey } from '../crypto/multicodec.ts';
import type { Did, DidDocument } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';

/** Resolves a DID that must resolve. */
export function documentOf(did: string): DidDocument {
  const resolution = resolveDid(did);
  if (resolution.kind !== 'ok') throw new Error(`${resolution.kind}: ${did}`);
  return resolution.document;
}

const filled = (fill: number, length = 32): Bytes => new Uint8Array(length).fill(fill);

/** Valid keys as multibase, told apart by a byte. */
export const x25519 = (fill: number): string => encodeKey('X25519', filled(fill));
export const ed25519 = (fill: number): string => encodeKey('Ed25519', filled(fill));

/** A did:peer:2 with two keys and the given things as `.S` elements, one each. */
export const peer2With = (...services: readonly unknown[]): Did =>
  `did:peer:2.E${x25519(1)}.V${ed25519(2)}${services.map((service) => `.S${base64Url(service)}`).join('')}`;

export const base64Url = (json: unknown): string => toBase64Url(utf8(JSON.stringify(json)));

/** The long form of a did:peer:4 around any JSON (did:peer numalgo 4, "Encode document", "Hash"). */
export function peer4Around(json: unknown): Did {
  const encoded = toMultibase(
    concatBytes(new Uint8Array([0x80, 0x04]), utf8(JSON.stringify(json))),
  );
  return `did:peer:4${sha256Multihash(encoded)}:${encoded}`;
}

import { toBase64Url } from '../lib/base64url.ts';
import { concatBytes, utf8, type Bytes } from '../lib/bytes.ts';
import { toMultibase } from '../crypto/multibase.ts';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeKey } from '../crypto/multicodec.ts';
import { isDid, type Did, type DidDocument, type DidResolution } from '../did/did.ts';
import { resolvePeer2 } from '../did/peer2.ts';
import { resolveDid } from '../did/resolve.ts';

/** Resolves a DID that must resolve. */
export async function documentOf(did: string): Promise<DidDocument> {
  return mustResolve(did, await resolveDid(did));
}

/** As `documentOf`, at once, for a did:peer:2: what tests are full of. */
export function peer2DocumentOf(did: string): DidDocument {
  return mustResolve(did, isDid(did) ? resolvePeer2(did) : { kind: 'malformed' });
}

function mustResolve(did: string, resolution: DidResolution): DidDocument {
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
export const peer4Around = (json: unknown): Did =>
  peer4OfBytes(concatBytes(new Uint8Array([0x80, 0x04]), utf8(JSON.stringify(json))));

/** The same around any bytes, codec included. */
export function peer4OfBytes(bytes: Uint8Array): Did {
  const encoded = toMultibase(bytes);
  const hash = toMultibase(concatBytes(new Uint8Array([0x12, 0x20]), sha256(utf8(encoded))));
  return `did:peer:4${hash}:${encoded}`;
}

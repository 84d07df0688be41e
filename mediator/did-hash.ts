import { hash } from 'node:crypto';
import type { Hash } from './store/types.ts';

const LONG_PEER_4 = /^(did:peer:4zQm[1-9A-HJ-NP-Za-km-z]+):z[1-9A-HJ-NP-Za-km-z]+$/;

/** One name for one DID: did:peer:4 is known by its short form (rule I62). */
export const canonicalDid = (did: string): string => LONG_PEER_4.exec(did)?.[1] ?? did;

export const sha256 = (data: string | Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(hash('sha256', data, 'buffer'));

export const didHash = (did: string): Hash => sha256(canonicalDid(did));

/** What a DID is remembered by where there are many: it may be some kilobytes long. */
export const didKey = (did: string): string => hash('sha256', canonicalDid(did), 'base64url');

import { expect, test } from 'vitest';
import { peer2With, peer4Around, x25519 } from '../testing/peer-did.ts';
import vectors from '../testing/vectors/peer-did.json' with { type: 'json' };
import type { Did } from './did.ts';
import { peer3Of } from './peer3.ts';
import { canonicalDid, isSameDid } from './same-did.ts';

const long = vectors.numalgo4.long as Did;
const short = vectors.numalgo4.short as Did;
const peer2 = vectors.numalgo2SpecExample.did as Did;
const [peer3] = vectors.numalgo2SpecExample.document.alsoKnownAs as [Did];

test('the did:peer:3 that the specification prints beside its did:peer:2', async () => {
  expect(peer3).toBe('did:peer:3zQmd6RdU6e2nDrLn1rjwdA5Buzq7wJwsv3WJ1AgrwKYJoLE');
  expect(await peer3Of(peer2)).toBe(peer3);
  expect(await peer3Of(short)).toBeUndefined();
});

test('long and short are one DID, and found by one form', async () => {
  expect(await canonicalDid(long)).toBe(short);
  expect(await canonicalDid(short)).toBe(short);
  expect(await canonicalDid(peer2)).toBe(peer3);
  expect(await canonicalDid(peer3)).toBe(peer3);
  expect(await isSameDid(long, short)).toBe(true);
  expect(await isSameDid(peer3, peer2)).toBe(true);
});

test('other DIDs are found by themselves', async () => {
  for (const did of ['did:web:a.example', `did:key:${x25519(1)}`, vectors.numalgo0.did] as Did[])
    expect(await canonicalDid(did)).toBe(did);
  expect(await isSameDid(peer2, peer2With())).toBe(false);
  expect(await isSameDid(long, peer2)).toBe(false);
});

test('who puts the hash of somebody else before a document of his own becomes nobody else', async () => {
  const own = peer4Around({ keyAgreement: [] });
  const stolen = own.replace(/4zQm[^:]+/, short.slice('did:peer:'.length)) as Did;
  expect(stolen.startsWith(`${short}:z`)).toBe(true);
  expect(await canonicalDid(stolen)).toBe(stolen);
  expect(await isSameDid(stolen, short)).toBe(false);
  expect(await isSameDid(stolen, long)).toBe(false);
});

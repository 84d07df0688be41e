import { expect, test } from 'vitest';
import { documentOf, peer2With } from '../testing/peer-did.ts';
import vectors from '../testing/vectors/peer-did.json' with { type: 'json' };
import type { Did } from './did.ts';
import { peer3Of } from './peer3.ts';
import { resolveDid } from './resolve.ts';
import { resolverKnowing, resolvePeer3 } from './resolve-known.ts';

const long = vectors.numalgo4.long as Did;
const short = vectors.numalgo4.short as Did;
const peer2 = peer2With({ t: 'dm', s: { uri: 'https://a.example' } });
const peer3 = (await peer3Of(peer2))!;
const longForms = new Map<Did, Did>([
  [short, long],
  [peer3, peer2],
]);
const resolve = resolverKnowing(resolveDid, async (did) => longForms.get(did));

test('a short form resolves by the long one, with ids of its own', async () => {
  for (const [did, known] of longForms) {
    const resolution = await resolve(did);
    if (resolution.kind !== 'ok') throw new Error(`${resolution.kind}: ${did}`);
    const { document } = resolution;
    const whole = await documentOf(known);
    const renamed = (keys: typeof whole.keyAgreement) =>
      keys.map((key) => ({ ...key, kid: key.kid.replace(known, did) }));
    expect(document).toEqual({
      did,
      keyAgreement: renamed(whole.keyAgreement),
      authentication: renamed(whole.authentication),
      services: whole.services,
      alsoKnownAs: [known],
    });
    expect(document.keyAgreement[0]?.kid.startsWith(`${did}#`)).toBe(true);
  }
});

test('a short form of a stranger does not resolve, nor one by the long form of another', async () => {
  const stranger = (await peer3Of(peer2With()))!;
  expect(await resolve(stranger)).toEqual({ kind: 'unsupported' });
  const lying = resolverKnowing(resolveDid, async (did) => (did === short ? peer2 : peer2With()));
  expect(await lying(short)).toEqual({ kind: 'malformed' });
  expect(await lying(peer3)).toEqual({ kind: 'malformed' });
  expect(await resolvePeer3(peer3, long)).toEqual({ kind: 'malformed' });
});

test('everything else is asked of the resolver itself, and nobody is looked up', async () => {
  const asked: Did[] = [];
  const noting = resolverKnowing(resolveDid, async (did) => {
    asked.push(did);
    return undefined;
  });
  for (const did of [long, peer2, 'did:web:a.example', 'did:example:a', 'did:peer:1zQm', 'nothing'])
    expect(await noting(did)).toEqual(await resolveDid(did));
  expect(asked).toEqual([]);
});

import { expect, test } from 'vitest';
import { documentOf, peer4Around } from '../testing/peer-did.ts';
import { newPeer } from '../testing/peer.ts';
import vectors from '../testing/vectors/peer-did.json' with { type: 'json' };
import { createPeer4, encodePeer4 } from './peer4-create.ts';

const { inputDocument, long, short } = vectors.numalgo4;

test('the example of the specification, long and short', async () => {
  expect(await encodePeer4(inputDocument)).toEqual({ long, short });
});

test('a DID of ours resolves to the keys and services that went in', async () => {
  const { agreement, signing } = await newPeer();
  const keys = { agreement: agreement.publicBytes, signing: signing.publicBytes };
  const created = await createPeer4({
    ...keys,
    services: [
      { uri: 'https://a.example', routingKeys: ['did:key:z6LS#z6LS'] },
      { uri: 'wss://b.example', accept: ['didcomm/v2', 'x'] },
    ],
  });
  expect(created.long.startsWith(`${created.short}:z`)).toBe(true);
  const document = await documentOf(created.long);
  expect(document.alsoKnownAs).toEqual([created.short]);
  expect(document.keyAgreement).toMatchObject([
    { kid: `${created.long}#key-1`, curve: 'X25519', publicBytes: keys.agreement },
  ]);
  expect(document.authentication).toMatchObject([
    { kid: `${created.long}#key-2`, curve: 'Ed25519', publicBytes: keys.signing },
  ]);
  expect(document.services).toEqual([
    { uri: 'https://a.example', routingKeys: ['did:key:z6LS#z6LS'], accept: ['didcomm/v2'] },
    { uri: 'wss://b.example', routingKeys: [], accept: ['didcomm/v2', 'x'] },
  ]);
});

test('what no resolver of ours would take is not made', async () => {
  await expect(encodePeer4({ id: 'did:example:a' })).rejects.toThrow(RangeError);
  await expect(encodePeer4({ more: 'x'.repeat(4096) })).rejects.toThrow(RangeError);
  const fits = { more: 'é>?~'.repeat(20) };
  expect((await encodePeer4(fits)).long).toBe(peer4Around(fits));
});

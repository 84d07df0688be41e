import { expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts';
import { fromUtf8, utf8 } from '../lib/bytes.ts';
import { fromHex, toHex } from '../testing/hex.ts';
import { ownKeys, resolvePersona, secretsOf } from '../testing/identities.ts';
import { nativeEngine } from './native-engine.ts';
import { packAnoncrypt, packAuthcrypt } from './pack.ts';

// Which keys of a DID with several curves an envelope goes to, and what a stranger can do with points.

const bobResolution = await resolvePersona('did:example:bob');
if (bobResolution.kind !== 'ok') throw new Error(bobResolution.kind);
const bob = bobResolution.document;
const secrets = await secretsOf('bob');
const alice = await ownKeys('alice');
const plaintext = { id: '1', type: 'https://didcomm.org/empty/1.0/empty', body: {} };

interface Packed {
  readonly protected: string;
  readonly recipients: readonly { readonly header: { readonly kid: string } }[];
}
const fragments = (packed: string): readonly string[] =>
  (JSON.parse(packed) as Packed).recipients.map(({ header }) => header.kid.split('#')[1]!);
const without = (...curves: readonly string[]) => ({
  ...bob,
  keyAgreement: bob.keyAgreement.filter(({ curve }) => !curves.includes(curve)),
});

test('without a sender: X25519 before P-384, P-521 and P-256, all keys of the one chosen', async () => {
  const chosen = [];
  for (const gone of [[], ['X25519'], ['X25519', 'P-384'], ['X25519', 'P-384', 'P-521']]) {
    const packed = await packAnoncrypt(nativeEngine, { plaintext, recipient: without(...gone) });
    if (packed.kind !== 'ok') throw new Error(packed.kind);
    chosen.push(fragments(packed.packed).join());
    expect((await nativeEngine.unpack(packed.packed, secrets, resolvePersona)).kind).toBe('ok');
  }
  expect(chosen).toEqual([
    'key-x25519-1,key-x25519-2,key-x25519-3',
    'key-p384-1,key-p384-2',
    'key-p521-1,key-p521-2',
    'key-p256-1,key-p256-2',
  ]);
  const recipient = without('X25519', 'P-256', 'P-384', 'P-521');
  expect(await packAnoncrypt(nativeEngine, { plaintext, recipient })).toEqual({
    kind: 'no-usable-key',
  });
});

test("with a sender: the curve of the sender's key, which must never leave Web Crypto", async () => {
  const chosen = [];
  for (const sender of alice.filter(({ kid }) => /-\w+-1$/.test(kid))) {
    expect(sender.privateKey.extractable).toBe(false);
    const packed = await packAuthcrypt(nativeEngine, { plaintext, sender, recipient: bob });
    if (packed.kind !== 'ok') throw new Error(packed.kind);
    chosen.push(fragments(packed.packed)[0]);
    expect(await nativeEngine.unpack(packed.packed, secrets, resolvePersona)).toMatchObject({
      kind: 'ok',
      layers: [{ kind: 'authcrypt', senderKid: sender.kid }],
    });
    const recipient = without(sender.crv);
    expect(await packAuthcrypt(nativeEngine, { plaintext, sender, recipient })).toEqual({
      kind: 'no-usable-key',
    });
  }
  expect(chosen).toEqual(['key-x25519-1', 'key-p256-1', 'key-p521-1']);
});

test('packing for nobody, or for keys of two curves, is a bug and throws', async () => {
  const bytes = utf8('{}');
  await expect(nativeEngine.anoncrypt(bytes, [])).rejects.toThrow(TypeError);
  await expect(nativeEngine.anoncrypt(bytes, bob.keyAgreement)).rejects.toThrow(TypeError);
});

/** An envelope whose `epk` was exchanged; it would not open anyway, but must be refused before. */
async function withEpk(change: (epk: Record<string, string>) => object): Promise<string> {
  const packed = await nativeEngine.anoncrypt(
    utf8('{}'),
    without('X25519', 'P-384', 'P-521').keyAgreement,
  );
  const envelope = JSON.parse(packed) as Packed;
  const header = JSON.parse(fromUtf8(fromBase64Url(envelope.protected)!)!);
  const edited = { ...header, epk: change(header.epk) };
  return JSON.stringify({ ...envelope, protected: toBase64Url(utf8(JSON.stringify(edited))) });
}
const X25519 = { kty: 'OKP', crv: 'X25519', x: 'k9of_cpAajy0poW5gaixXGs9nHkwg1AFqUAFa39dyBc' };

test.each([
  ['y of another point', (epk) => ({ ...epk, y: epk['x'] })],
  ['y of the negated point is one of the curve, yet not what was derived with', undefined],
  ['point at infinity', (epk) => ({ ...epk, x: 'A'.repeat(43), y: 'A'.repeat(43) })],
  ['no y', ({ y: _, ...epk }) => epk],
  ['a coordinate too long', (epk) => ({ ...epk, y: `AA${epk['y'] ?? ''}` })],
  ['named after another curve', (epk) => ({ ...epk, crv: 'P-384' })],
  ['a curve that nobody agrees on', (epk) => ({ ...epk, crv: 'secp256k1' })],
  ['not the curve of the recipients', () => X25519],
] as const satisfies readonly (readonly [
  string,
  ((epk: Record<string, string>) => object) | undefined,
])[])('epk: %s', async (_why, change) => {
  const negate = (epk: Record<string, string>) => ({
    ...epk,
    y: toBase64Url(negated(fromBase64Url(epk['y']!)!)),
  });
  const packed = await withEpk(change ?? negate);
  expect(await nativeEngine.unpack(packed, secrets, resolvePersona)).toEqual({
    kind: 'refused',
    fault: change ? 'epk' : 'decrypt',
  });
});

const PRIME = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
function negated(y: Uint8Array): Uint8Array {
  const value = PRIME - BigInt(`0x${toHex(y)}`);
  return fromHex(value.toString(16).padStart(64, '0'));
}

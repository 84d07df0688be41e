import { expect, test } from 'vitest';
import { didOf } from '../did/did.ts';
import { fromUtf8, utf8, type Bytes } from '../lib/bytes.ts';
import { ownKeys, resolvePersona, secretsOf, type Persona } from '../testing/identities.ts';
import positive from '../testing/vectors/didcomm-extra-positive.json' with { type: 'json' };
import generated from '../testing/vectors/didcomm-generated.json' with { type: 'json' };
import negative from '../testing/vectors/didcomm-negative.json' with { type: 'json' };
import plaintexts from '../testing/vectors/didcomm-plaintext.json' with { type: 'json' };
import appendix from '../testing/vectors/didcomm-spec-appendix.json' with { type: 'json' };
import ending from '../testing/vectors/end-relationship.json' with { type: 'json' };
import chain from '../testing/vectors/forward-chain.json' with { type: 'json' };
import type { OwnKey, Secrets, Unpacked } from './engine.ts';
import type { GateReason } from './gate-reason.ts';
import { nativeEngine } from './native-engine.ts';
import { openEnvelope } from './trust-gate.ts';

// The vectors of the specification, of other implementations and of didcomm-node.

const bob = await secretsOf('bob');
const NOW = Date.UTC(2026, 0, 1);
const bobResolution = await resolvePersona('did:example:bob');
if (bobResolution.kind !== 'ok') throw new Error(bobResolution.kind);
const bobDocument = bobResolution.document;

const unpack = (packed: unknown, secrets: Secrets = bob): Promise<Unpacked> =>
  nativeEngine.unpack(JSON.stringify(packed), secrets, resolvePersona);
const open = (packed: unknown, secrets: Secrets = bob) =>
  openEnvelope(JSON.stringify(packed), {
    engine: nativeEngine,
    secrets,
    resolve: resolvePersona,
    now: NOW,
  });
const parse = (bytes: Bytes): unknown => JSON.parse(fromUtf8(bytes) ?? '');
const layerKinds = (unpacked: Unpacked): readonly string[] =>
  unpacked.kind === 'ok' ? unpacked.layers.map((layer) => layer.kind) : [];

const CURVES = ['X25519', 'P-256', 'P-384', 'P-521'];
const bobKeysOn = async (curve: string) =>
  (await ownKeys('bob')).filter(({ crv }) => crv === curve);
const only = ({ kid, privateKey }: OwnKey): Secrets => ({
  agreementKey: async (asked) => (asked === kid ? privateKey : undefined),
});

/** The layers that a vector's name tells, outermost first: `anoncrypt(authcrypt(sign)) …`. */
const layersOf = (name: string): readonly string[] =>
  (name.match(/anoncrypt|authcrypt|sign/g) ?? []).map((kind) =>
    kind === 'sign' ? 'signed' : kind,
  );

test('appendix C.3 and the one of didcomm-jvm: every envelope opens with each key of the recipient', async () => {
  const envelopes = [
    ...appendix.encrypted,
    ...positive.messages.map(({ json, ...rest }) => ({ ...rest, message: json })),
  ];
  let opened = 0;
  for (const { name, message, protected: header } of envelopes)
    for (const own of await bobKeysOn(header.epk.crv)) {
      const unpacked = await unpack(message, only(own));
      if (unpacked.kind !== 'ok') throw new Error(`${name}: ${JSON.stringify(unpacked)}`);
      expect(unpacked.layers[0]).toMatchObject({ recipientKid: own.kid });
      expect(unpacked.layers.map(({ kind }) => kind)).toEqual(layersOf(name));
      expect(parse(unpacked.plaintextBytes)).toMatchObject({ from: 'did:example:alice' });
      opened += 1;
    }
  expect(opened).toBe(16);
});

test.each(CURVES)('%s: what we pack for several keys opens with each of them', async (curve) => {
  const keys = await bobKeysOn(curve);
  const recipients = bobDocument.keyAgreement.filter((key) => key.curve === curve);
  expect(recipients).toHaveLength(keys.length);
  const sender = (await ownKeys('alice')).find(
    ({ crv, kid }) => crv === curve && /-\w+-1$/.test(kid),
  );
  const bytes = utf8(JSON.stringify(appendix.plaintextInside));
  const packed = [await nativeEngine.anoncrypt(bytes, recipients)];
  if (sender) packed.push(await nativeEngine.authcrypt(bytes, sender, recipients));
  expect(packed).toHaveLength(curve === 'P-384' ? 1 : 2); // Alice has no key on that one
  for (const envelope of packed)
    for (const own of keys) {
      const unpacked = await nativeEngine.unpack(envelope, only(own), resolvePersona);
      if (unpacked.kind !== 'ok') throw new Error(unpacked.kind);
      expect(unpacked.plaintextBytes).toEqual(bytes);
    }
});

test('packing for nobody, or for keys of two curves, is a bug and throws', async () => {
  const bytes = utf8('{}');
  await expect(nativeEngine.anoncrypt(bytes, [])).rejects.toThrow(TypeError);
  await expect(nativeEngine.anoncrypt(bytes, bobDocument.keyAgreement)).rejects.toThrow(TypeError);
});

test('appendix C.2: the Ed25519 signature verifies', async () => {
  const signed = appendix.signed.filter(({ alg }) => alg === 'EdDSA');
  expect(signed).toHaveLength(1);
  for (const { message, kid } of signed) {
    const unpacked = await unpack(message);
    expect(unpacked).toMatchObject({ kind: 'ok', layers: [{ kind: 'signed', signerKid: kid }] });
  }
});

test('messages made by didcomm-node open with the layers that it stated', async () => {
  expect(generated.messages).toHaveLength(8);
  for (const { name, packed, plaintext, unpackMetadata: stated } of generated.messages) {
    const unpacked = await unpack(packed);
    if (unpacked.kind !== 'ok') throw new Error(`${name}: ${unpacked.kind}`);
    expect(parse(unpacked.plaintextBytes), name).toEqual(plaintext);
    expect(layerKinds(unpacked), name).toEqual([
      ...(stated.enc_alg_anon === null ? [] : ['anoncrypt']),
      ...(stated.enc_alg_auth === null ? [] : ['authcrypt']),
      ...(stated.sign_from === null ? [] : ['signed']),
    ]);
    for (const layer of unpacked.layers)
      if (layer.kind === 'signed') expect(layer.signerKid).toBe(stated.sign_from);
      else {
        expect(layer.recipientKids).toEqual(stated.encrypted_to_kids);
        if (layer.kind === 'authcrypt') expect(layer.senderKid).toBe(stated.encrypted_from_kid);
      }
  }
});

test('a forward over two hops unwraps to the envelope of the recipient', async () => {
  let packed: unknown = chain.packed;
  for (const [mediator, next] of [
    ['mediator3', 'did:example:mediator2#key-x25519-1'],
    ['mediator2', 'did:example:bob'],
  ] as const satisfies readonly (readonly [Persona, string])[]) {
    const hop = await open(packed, await secretsOf(mediator));
    if (hop.kind !== 'ok') throw new Error(hop.kind);
    const { encryption, sender, message } = hop.inbound;
    expect([encryption, sender, message.body['next']]).toEqual(['anoncrypt', undefined, next]);
    packed = message.attachments?.[0]?.data.json;
  }
  const inner = await unpack(packed);
  expect(inner.kind).toBe('ok');
  expect((await unpack(packed, await secretsOf('charlie'))).kind).toBe('not-for-us');
});

/** Those not named here are `malformed`; some hold a second fault, as JOSE knows no base64url padding. */
const NEGATIVE_REASONS: readonly (readonly [RegExp, GateReason])[] = [
  [/apv replaced|kids replaced/, 'header'],
  [/ciphertext character flipped/, 'decrypt'],
  [/signature character flipped|signer kid/, 'signer'],
];

test('every tampered vector is refused', async () => {
  expect(negative.mustFail).toHaveLength(29);
  for (const { name, json } of negative.mustFail) {
    const [, reason = 'malformed'] = NEGATIVE_REASONS.find(([part]) => part.test(name)) ?? [];
    expect(await open(json), name).toEqual({ kind: 'quarantine', reason });
  }
});

test('what the reference cannot read: no body, only apu, a flattened JWS', async () => {
  for (const [packed, encryption] of [
    [ending.noBodyV21.packed, 'authcrypt'],
    [ending.authcryptOnlyApu.packed, 'authcrypt'],
    [ending.flattenedJws, 'none'],
  ] as const) {
    const opened = await open(packed);
    if (opened.kind !== 'ok') throw new Error(JSON.stringify(opened));
    const { sender, message } = opened.inbound;
    expect(opened.inbound.encryption).toBe(encryption);
    expect(sender).toBe('did:example:alice');
    expect(message.body).toEqual({});
    expect(message).not.toHaveProperty('from');
  }
});

test('what the reference lets through: a `from` that is not the sender', async () => {
  const opened = await open(ending.fromMismatch.packed);
  expect(opened).toEqual({ kind: 'quarantine', reason: 'from-skid' });
});

test('rotation and the end of a relationship', async () => {
  const alice = (await ownKeys('alice')).find(({ kid }) => kid.endsWith('#key-x25519-1'))!;
  const keys = bobDocument.keyAgreement.filter(({ curve }) => curve === 'X25519');
  const bytes = utf8(JSON.stringify(ending.rotation.plaintext));
  const moved = await open(JSON.parse(await nativeEngine.authcrypt(bytes, alice, keys)));
  expect(moved).toMatchObject({
    kind: 'ok',
    inbound: {
      sender: didOf(alice.kid),
      rotation: { priorDid: 'did:example:charlie', issuedAtSeconds: 1_700_000_000 },
    },
  });
  expect(await open(ending.endRelationship.packedAnoncrypt)).toMatchObject({
    kind: 'ok',
    inbound: {
      sender: undefined,
      ending: { priorDid: 'did:example:charlie', issuedAtSeconds: 1_700_000_000 },
    },
  });
  // Its JWT expired in 1970.
  const expired = generated.messages.find(({ name }) => name.startsWith('rotation'));
  expect(await open(expired?.packed)).toEqual({ kind: 'quarantine', reason: 'fp-time' });
});

test('plaintexts of the reference: all valid ones are read, none is taken unencrypted', async () => {
  const keys = bobDocument.keyAgreement.filter(({ curve }) => curve === 'X25519');
  expect(plaintexts.valid).toHaveLength(9);
  for (const { name, json } of plaintexts.valid) {
    const opened = await open(
      JSON.parse(await nativeEngine.anoncrypt(utf8(JSON.stringify(json)), keys)),
    );
    // An anonymous message may not move a contact to another DID.
    if ('from_prior' in json) expect(opened).toEqual({ kind: 'quarantine', reason: 'fp-sub' });
    else expect(opened, name).toMatchObject({ kind: 'ok', inbound: { sender: undefined } });
    expect(await open(json)).toEqual({ kind: 'quarantine', reason: 'plaintext' });
  }
});

import { nativeEngine } from '../../didcomm/native-engine.ts';
import type { OwnKey, Secrets, Unpacked } from '../../didcomm/engine.ts';
import { openEnvelope, type Opened } from '../../didcomm/trust-gate.ts';
import { fromUtf8, utf8, type Bytes } from '../../lib/bytes.ts';
import { ownKeys, resolvePersona, secretsOf, type Persona } from '../identities.ts';
import positive from '../vectors/didcomm-extra-positive.json' with { type: 'json' };
import generated from '../vectors/didcomm-generated.json' with { type: 'json' };
import appendix from '../vectors/didcomm-spec-appendix.json' with { type: 'json' };
import chain from '../vectors/forward-chain.json' with { type: 'json' };
import { present, same, type VectorCheck } from './check.ts';

// Envelopes that must open: of the specification, of didcomm-jvm, made by didcomm-node, and our own.

const CURVES = ['X25519', 'P-256', 'P-384', 'P-521'];

/** As if this were the only key of the wallet. */
const only = ({ kid, privateKey }: OwnKey): Secrets => ({
  agreementKey: async (asked) => (asked === kid ? privateKey : undefined),
});
const bobKeysOn = async (curve: string) =>
  (await ownKeys('bob')).filter(({ crv }) => crv === curve);
export const parse = (bytes: Bytes): unknown => JSON.parse(present(fromUtf8(bytes), 'text'));

export async function unpack(
  packed: unknown,
  secrets: Secrets,
  what: string,
): Promise<Extract<Unpacked, { kind: 'ok' }>> {
  const unpacked = await nativeEngine.unpack(JSON.stringify(packed), secrets, resolvePersona);
  if (unpacked.kind !== 'ok') throw new Error(`${what}: ${JSON.stringify(unpacked)}`);
  return unpacked;
}

/** After the year in which the vectors were made. */
export const NOW = Date.UTC(2026, 0, 1);

export const open = async (packed: unknown, ...who: readonly Persona[]): Promise<Opened> =>
  openEnvelope(JSON.stringify(packed), {
    engine: nativeEngine,
    secrets: await secretsOf(...who),
    resolve: resolvePersona,
    now: NOW,
  });

/** The layers that a vector's name tells, outermost first: `anoncrypt(authcrypt(sign)) …`. */
const layersIn = (name: string): readonly string[] =>
  (name.match(/anoncrypt|authcrypt|sign|^anon/g) ?? []).map(
    (layer) => ({ sign: 'signed', anon: 'anoncrypt' })[layer] ?? layer,
  );

/** Appendix C.2. */
async function signed(): Promise<number> {
  for (const { alg, kid, message } of appendix.signed) {
    const unpacked = await unpack(message, { agreementKey: async () => undefined }, alg);
    same(unpacked.layers, [{ kind: 'signed', signerKid: kid }], alg);
    same(parse(unpacked.plaintextBytes), appendix.plaintextInside, alg);
  }
  return appendix.signed.length;
}

/** Appendix C.3 and one more, with each key of the recipient. */
async function encrypted(): Promise<number> {
  const envelopes = [
    ...appendix.encrypted,
    ...positive.messages.map(({ name, json, protected: header }) => ({
      name,
      message: json,
      protected: header,
    })),
  ];
  let opened = 0;
  for (const { name, message, protected: header } of envelopes)
    for (const own of await bobKeysOn(header.epk.crv)) {
      const what = `${name} for ${own.kid}`;
      const unpacked = await unpack(message, only(own), what);
      same(
        unpacked.layers.map(({ kind }) => kind),
        layersIn(name),
        what,
      );
      const plaintext = parse(unpacked.plaintextBytes) as { readonly id: string };
      same(plaintext.id, appendix.plaintextInside.id, what);
      opened += 1;
    }
  return opened;
}

/** What we pack for several keys opens with each of them; Alice has no key on P-384. */
async function ownPacked(): Promise<number> {
  const resolution = await resolvePersona('did:example:bob');
  if (resolution.kind !== 'ok') throw new Error(resolution.kind);
  const bytes = utf8(JSON.stringify(appendix.plaintextInside));
  const alice = await ownKeys('alice');
  let opened = 0;
  for (const curve of CURVES) {
    const recipients = resolution.document.keyAgreement.filter((key) => key.curve === curve);
    const packed = [await nativeEngine.anoncrypt(bytes, recipients)];
    const sender = alice.find(({ crv, kid }) => crv === curve && /#key-[xp]\d+-1$/.test(kid));
    if (sender) packed.push(await nativeEngine.authcrypt(bytes, sender, recipients));
    for (const envelope of packed)
      for (const own of await bobKeysOn(curve)) {
        const unpacked = await unpack(JSON.parse(envelope), only(own), curve);
        same(unpacked.plaintextBytes, bytes, curve);
        opened += 1;
      }
  }
  return opened;
}

/** Messages of didcomm-node, with the layers that it stated. */
async function ofReference(): Promise<number> {
  const bob = await secretsOf('bob');
  for (const { name, packed, plaintext, unpackMetadata: stated } of generated.messages) {
    const { plaintextBytes, layers } = await unpack(packed, bob, name);
    same(parse(plaintextBytes), plaintext, name);
    same(
      layers.map(({ kind }) => kind),
      [
        ...(stated.enc_alg_anon === null ? [] : ['anoncrypt']),
        ...(stated.enc_alg_auth === null ? [] : ['authcrypt']),
        ...(stated.sign_from === null ? [] : ['signed']),
      ],
      name,
    );
    for (const layer of layers) {
      if (layer.kind === 'signed') same(layer.signerKid, stated.sign_from, name);
      else same(layer.recipientKids, stated.encrypted_to_kids, name);
      if (layer.kind === 'authcrypt') same(layer.senderKid, stated.encrypted_from_kid, name);
    }
  }
  return generated.messages.length;
}

/** A forward over two hops unwraps to the envelope of the recipient. */
async function forwards(): Promise<number> {
  let packed: unknown = chain.packed;
  for (const [mediator, next] of [
    ['mediator3', 'did:example:mediator2#key-x25519-1'],
    ['mediator2', 'did:example:bob'],
  ] as const) {
    const hop = await open(packed, mediator);
    if (hop.kind !== 'ok') throw new Error(`${mediator}: ${JSON.stringify(hop)}`);
    const { encryption, sender, message } = hop.inbound;
    same([encryption, sender, message.body['next']], ['anoncrypt', undefined, next], mediator);
    packed = message.attachments?.[0]?.data.json;
  }
  await unpack(packed, await secretsOf('bob'), 'bob');
  same((await open(packed, 'charlie')).kind, 'not-for-us', 'charlie');
  return 4;
}

export const envelopeChecks: readonly VectorCheck[] = [
  { name: 'appendix C.2: EdDSA, ES256, ES256K', count: 3, run: signed },
  { name: 'appendix C.3 and didcomm-jvm, with every recipient key', count: 16, run: encrypted },
  { name: 'our envelopes on four curves, with every recipient key', count: 16, run: ownPacked },
  { name: 'messages of didcomm-node', count: 8, run: ofReference },
  { name: 'forward over two hops', count: 4, run: forwards },
];

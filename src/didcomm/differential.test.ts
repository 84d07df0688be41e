import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveDid } from '../did/resolve.ts';
import { fromUtf8, utf8 } from '../lib/bytes.ts';
import { differences } from '../testing/differential/differences.ts';
import { newKeyRing, type AgreementName, type KeyRing } from '../testing/differential/key-ring.ts';
import { orders, type Order } from '../testing/differential/orders.ts';
import type { Json } from '../testing/forge.ts';
import { reference } from '../testing/reference.ts';
import { nativeEngine as engine } from './native-engine.ts';
import { packAnoncrypt, packAuthcrypt } from './pack.ts';
import { openEnvelope } from './trust-gate.ts';

// didcomm-rust, the reference implementation, beside our engine: what one packs both open, and both read
// the same, but for the differences that are named in their list.

const CURVES: readonly AgreementName[] = ['X25519', 'P-256', 'P-384', 'P-521'];
const pairs = async (count: number) =>
  Promise.all(CURVES.map(async (curve) => [curve, await newKeyRing(curve, count)] as const));
const senders = new Map(await pairs(1));
const recipients = { 1: new Map(await pairs(1)), 2: new Map(await pairs(2)) };
const prior = await newKeyRing('X25519', 1);
const everybody = [senders, recipients[1], recipients[2]].flatMap((rings) => [...rings.values()]);
const library = reference(prior, ...everybody);

interface Cast {
  readonly alice: KeyRing;
  readonly bob: KeyRing;
}
const castOf = (curve: AgreementName, keys: 1 | 2): Cast => ({
  alice: senders.get(curve)!,
  bob: recipients[keys].get(curve)!,
});

async function plaintextOf(order: Order, { alice, bob }: Cast): Promise<Json> {
  const { form, content, movedBy } = order;
  const claims = { iss: prior.did, sub: alice.did, iat: Math.floor(Date.now() / 1000) };
  return {
    ...content,
    to: [bob.did],
    ...(form === 'anoncrypt' ? {} : { from: alice.did }),
    ...(movedBy && form.includes('authcrypt')
      ? { from_prior: await library.fromPrior(claims, prior.signingKid[movedBy]) }
      : {}),
  };
}

async function packWithReference(order: Order, plaintext: Json, { alice, bob }: Cast) {
  const { form, enc, alg } = order;
  const by = { kid: alice.signingKid[alg] };
  if (form === 'sign') return library.sign(plaintext, by);
  return library.encrypt(plaintext, {
    to: bob,
    ...(form.includes('authcrypt') ? { from: alice } : {}),
    ...(form.includes('sign') ? { signBy: by } : {}),
    protectSender: form.startsWith('anoncrypt(auth'),
    enc,
  });
}

async function packWithEngine(order: Pick<Order, 'form' | 'enc'>, plaintext: string, cast: Cast) {
  const { form, enc } = order;
  const { agreement, signer } = cast.alice;
  const keys = cast.bob.document.keyAgreement;
  const layers = form.match(/\w+/g) ?? [];
  let packed = plaintext;
  for (const layer of layers.reverse()) {
    const bytes = utf8(packed);
    if (layer === 'sign') packed = await engine.sign(bytes, signer);
    else if (layer === 'authcrypt') packed = await engine.authcrypt(bytes, agreement[0]!, keys);
    else packed = await engine.anoncrypt(bytes, keys, enc);
  }
  return packed;
}

const openOurs = (packed: string, { bob }: Cast) =>
  openEnvelope(packed, { engine, secrets: bob.secrets, resolve: resolveDid, now: Date.now() });

interface Reading {
  readonly plaintext: Json;
  readonly isEncrypted: boolean;
  readonly isSigned: boolean;
  /** Of authcrypt, else of the signature; the library has null for none. */
  readonly senderKid: string | null;
  readonly priorDid: string | undefined;
}

/** What a reader must say of a message. */
function expectedOf({ form, alg, movedBy }: Order, plaintext: Json, { alice }: Cast): Reading {
  const isAuthcrypt = form.includes('authcrypt');
  const isSigned = form.includes('sign');
  const signer = isSigned ? alice.signingKid[alg] : null;
  return {
    plaintext,
    isEncrypted: form !== 'sign',
    isSigned,
    senderKid: isAuthcrypt ? alice.agreement[0]!.kid : signer,
    priorDid: movedBy && isAuthcrypt ? prior.did : undefined,
  };
}

async function readOurs(packed: string, cast: Cast): Promise<Reading> {
  const opened = await openOurs(packed, cast);
  if (opened.kind !== 'ok') throw new Error(JSON.stringify(opened));
  const { plaintextBytes, encryption, signed, senderKid, rotation } = opened.inbound;
  return {
    plaintext: JSON.parse(fromUtf8(plaintextBytes)!) as Json,
    isEncrypted: encryption !== 'none',
    isSigned: signed,
    senderKid: senderKid ?? null,
    priorDid: rotation?.priorDid,
  };
}

async function readTheirs(packed: string): Promise<Reading> {
  const { plaintext, metadata } = await library.unpack(packed);
  return {
    plaintext,
    isEncrypted: metadata.encrypted,
    isSigned: metadata.non_repudiation,
    senderKid: metadata.encrypted_from_kid ?? metadata.sign_from,
    priorDid: metadata.from_prior_issuer_kid?.split('#')[0],
  };
}

/** Of each seed, each way. */
const RUNS = 1000;
const MINUTES = 180_000; // seconds, but for machines with other things to do
const FIXED_SEED = 20_261_121;
const RANDOM_SEED = Math.floor(Math.random() * 2 ** 31);
const seeds = [
  ['fixed', FIXED_SEED],
  ['random', RANDOM_SEED],
] as const;

const directions = [
  ['didcomm-node to Parley', packWithReference, readOurs],
  [
    'Parley to didcomm-node',
    async (order: Order, plaintext: Json, cast: Cast) =>
      packWithEngine(order, JSON.stringify(plaintext), cast),
    readTheirs,
  ],
] as const;

for (const [direction, pack, read] of directions)
  test.each(seeds)(
    `${direction}, %s seed %i`,
    async (_kind, seed) => {
      let agreed = 0;
      const message = fc.asyncProperty(orders, async (random) => {
        // Our engine signs with Ed25519 alone.
        const order = read === readOurs ? random : { ...random, alg: 'EdDSA' as const };
        const cast = castOf(order.curve, order.recipientKeys);
        const plaintext = await plaintextOf(order, cast);
        const packed = await pack(order, plaintext, cast);
        expect(await read(packed, cast)).toEqual(expectedOf(order, plaintext, cast));
        agreed += 1;
      });
      await fc.assert(message, { numRuns: RUNS, seed });
      console.log(`${direction}, seed ${seed}: ${agreed} messages, 0 disagreements`);
      expect(agreed).toBe(RUNS);
    },
    MINUTES,
  );

test.each(differences)('named difference: $name', async (difference) => {
  const { change = (plaintext: Json) => plaintext, envelope, form = 'authcrypt' } = difference;
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      const cast = castOf(difference.curve ?? 'X25519', order.recipientKeys);
      const honest = await plaintextOf({ ...order, form, movedBy: undefined }, cast);
      const changed = change(honest);
      const plaintext = typeof changed === 'string' ? changed : JSON.stringify(changed);
      const whole = await packWithEngine({ form, enc: order.enc }, plaintext, cast);
      const packed = envelope ? JSON.stringify(envelope(JSON.parse(whole) as Json)) : whole;
      const ours = await openOurs(packed, cast);
      const theirs = await library.unpack(packed).catch((error: unknown) => ({ error }));
      expect(ours.kind === 'quarantine' ? ours.reason : ours.kind).toBe(difference.ours);
      const sent: unknown = JSON.parse(plaintext);
      if (ours.kind === 'ok')
        expect(JSON.parse(fromUtf8(ours.inbound.plaintextBytes)!)).toEqual(sent);
      if ('error' in theirs) expect('refused').toBe(difference.theirs);
      else if (difference.theirs === 'altered') expect(theirs.plaintext).not.toEqual(sent);
      else expect(['ok', theirs.plaintext]).toEqual([difference.theirs, sent]);
    }),
    { numRuns: 10, seed: FIXED_SEED },
  );
});

test('pack chooses the keys of the curve of the sender, and says so when there is none', async () => {
  const { alice, bob } = castOf('X25519', 2);
  const plaintext = { id: '1', type: 'https://didcomm.org/x/1.0/y', body: {} };
  const addressed = {
    ...plaintext,
    typ: 'application/didcomm-plain+json',
    from: alice.did,
    to: [bob.did],
  };
  const sender = alice.agreement[0]!;
  for (const packed of [
    await packAuthcrypt(engine, { plaintext: addressed, sender, recipient: bob.document }),
    await packAnoncrypt(engine, { plaintext: addressed, recipient: bob.document, enc: 'A256GCM' }),
  ]) {
    if (packed.kind !== 'ok') throw new Error(packed.kind);
    expect((await library.unpack(packed.packed)).plaintext).toEqual(addressed);
  }
  const lowOrder = { ...bob.document.keyAgreement[0]!, publicBytes: new Uint8Array(32) };
  for (const keyAgreement of [[], [lowOrder], bob.document.authentication.slice(0, 1)]) {
    const recipient = { ...bob.document, keyAgreement };
    const none = { kind: 'no-usable-key' };
    expect(await packAuthcrypt(engine, { plaintext, sender, recipient })).toEqual(none);
    expect(await packAnoncrypt(engine, { plaintext, recipient })).toEqual(none);
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveDid } from '../did/resolve.ts';
import { utf8 } from '../lib/bytes.ts';
import { newPeer, type Peer } from '../testing/peer.ts';
import { reference } from '../testing/reference.ts';
import type { ContentEncryption } from './engine.ts';
import { nativeEngine } from './native-engine.ts';
import { packAnoncrypt, packAuthcrypt } from './pack.ts';
import { PLAIN_TYP } from './plaintext.ts';
import { openEnvelope } from './trust-gate.ts';

// Both ways between our engine and the reference: what one packs, the other opens, and both read the same.

const engine = nativeEngine;
const forms = [
  'authcrypt',
  'anoncrypt A256CBC-HS512',
  'anoncrypt A256GCM',
  'anoncrypt XC20P',
  'sign',
  'anoncrypt(sign)',
  'authcrypt(sign)',
  'anoncrypt(authcrypt)',
  'anoncrypt(authcrypt(sign))',
] as const;
type Form = (typeof forms)[number];

/** valibot's record leaves these names out, against prototype pollution. */
const DROPPED = ['__proto__', 'prototype', 'constructor'];
const bodies = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 12 }).filter((name) => !DROPPED.includes(name)),
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
  ),
  { maxKeys: 6 },
);

const plaintextOf = (alice: Peer, bob: Peer, form: Form, body: Record<string, unknown>) => ({
  id: crypto.randomUUID(),
  typ: PLAIN_TYP,
  type: 'https://didcomm.org/basicmessage/2.0/message',
  ...(form.startsWith('anoncrypt A') || form === 'anoncrypt XC20P' ? {} : { from: alice.did }),
  to: [bob.did],
  created_time: 1_800_000_000,
  body,
});

async function packWithReference(form: Form, plaintext: object, alice: Peer, bob: Peer) {
  const library = reference(alice, bob);
  const message = { ...plaintext };
  if (form === 'sign') return library.sign(message, alice);
  const [outer, enc] = form.split(' ');
  return library.encrypt(message, {
    to: bob,
    ...(form.includes('authcrypt') ? { from: alice } : {}),
    ...(form.includes('sign') ? { signBy: alice } : {}),
    protectSender: form.startsWith('anoncrypt(auth'),
    enc: outer === 'anoncrypt' ? (enc as ContentEncryption) : 'XC20P',
  });
}

async function packWithEngine(form: Form, plaintext: object, alice: Peer, bob: Peer) {
  const keys = bob.document.keyAgreement;
  const bytes = utf8(JSON.stringify(plaintext));
  const signed = form.includes('sign') ? await engine.sign(bytes, alice.signing) : undefined;
  if (signed !== undefined && form === 'sign') return signed;
  const inner = signed === undefined ? bytes : utf8(signed);
  if (form.includes('authcrypt')) {
    const authcrypt = await engine.authcrypt(inner, alice.agreement, keys);
    return form.startsWith('anoncrypt') ? engine.anoncrypt(utf8(authcrypt), keys) : authcrypt;
  }
  const enc = form.split(' ')[1] as ContentEncryption | undefined;
  return engine.anoncrypt(inner, keys, enc);
}

test.each(forms)('%s: the reference packs, we open', async (form) => {
  let opened = 0;
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const [alice, bob] = await Promise.all([newPeer(), newPeer()]);
      const plaintext = plaintextOf(alice, bob, form, body);
      const packed = await packWithReference(form, plaintext, alice, bob);
      const result = await openEnvelope(packed, {
        engine,
        secrets: bob.secrets,
        resolve: resolveDid,
        now: Date.now(),
      });
      if (result.kind !== 'ok') throw new Error(JSON.stringify(result));
      const { from, ...headers } = plaintext;
      expect(result.inbound.message).toEqual(headers);
      expect(result.inbound.sender).toBe(from);
      expect(result.inbound.signed).toBe(form.includes('sign'));
      expect(result.inbound.recipientDid).toBe(form === 'sign' ? undefined : bob.did);
      opened += 1;
    }),
    { numRuns: 20 },
  );
  expect(opened).toBe(20);
});

test.each(forms)('%s: we pack, the reference opens', async (form) => {
  let opened = 0;
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const [alice, bob] = await Promise.all([newPeer(), newPeer()]);
      const plaintext = plaintextOf(alice, bob, form, body);
      const packed = await packWithEngine(form, plaintext, alice, bob);
      const read = await reference(alice, bob).unpack(packed);
      expect(read.plaintext).toEqual(plaintext);
      const { authenticated, encrypted, non_repudiation: signed } = read.metadata;
      expect({ authenticated, encrypted, signed }).toEqual({
        authenticated: form.includes('authcrypt') || form.includes('sign'),
        encrypted: form !== 'sign',
        signed: form.includes('sign'),
      });
      opened += 1;
    }),
    { numRuns: 20 },
  );
  expect(opened).toBe(20);
});

test('pack chooses the X25519 keys of a document, and says so when there is none', async () => {
  const [alice, bob] = await Promise.all([newPeer(), newPeer()]);
  const plaintext = plaintextOf(alice, bob, 'authcrypt', {});
  const sender = alice.agreement;
  for (const packed of [
    await packAuthcrypt(engine, { plaintext, sender, recipient: bob.document }),
    await packAnoncrypt(engine, { plaintext, recipient: bob.document, enc: 'A256GCM' }),
  ]) {
    if (packed.kind !== 'ok') throw new Error(packed.kind);
    expect((await reference(alice, bob).unpack(packed.packed)).plaintext).toEqual(plaintext);
  }
  const lowOrder = { ...bob.document.keyAgreement[0]!, publicBytes: new Uint8Array(32) };
  for (const keyAgreement of [[], [lowOrder], bob.document.authentication]) {
    const recipient = { ...bob.document, keyAgreement };
    const none = { kind: 'no-usable-key' };
    expect(await packAuthcrypt(engine, { plaintext, sender, recipient })).toEqual(none);
    expect(await packAnoncrypt(engine, { plaintext, recipient })).toEqual(none);
  }
});

import { expect, test } from 'vitest';
import { findKey, kidInForm } from '../did/key-alias.ts';
import { oldKidForm } from '../did/old-kid-form.ts';
import { resolveDid } from '../did/resolve.ts';
import type { Json } from '../testing/forge.ts';
import { newPeer } from '../testing/peer.ts';
import { nativeEngine } from './native-engine.ts';
import { packAuthcrypt } from './pack.ts';
import { openEnvelope } from './trust-gate.ts';

const [alice, bob] = await Promise.all([newPeer(), newPeer()]);
const [key] = bob.document.keyAgreement as [(typeof bob.document.keyAgreement)[number]];
const forms = ['multibase', 'without-z', 'first-8'] as const;
const plaintext = {
  id: '1',
  type: 'https://didcomm.org/empty/1.0/empty',
  from: alice.did,
  to: [bob.did],
  body: {},
};

test.each(forms)(
  'a peer that names its keys by %s is addressed so, and opens it',
  async (kidForm) => {
    const packed = await packAuthcrypt(nativeEngine, {
      plaintext,
      sender: alice.agreement,
      recipient: bob.document,
      kidForm,
    });
    if (packed.kind !== 'ok') throw new Error(packed.kind);
    const envelope = JSON.parse(packed.packed) as { recipients: { header: Json }[] };
    const kid = envelope.recipients[0]?.header['kid'];
    expect(kid).toBe(kidInForm(key, kidForm));
    expect(kid).not.toBe(key.kid);
    const opened = await openEnvelope(packed.packed, {
      engine: nativeEngine,
      secrets: bob.secrets,
      resolve: resolveDid,
      now: 0,
    });
    expect(opened).toMatchObject({
      kind: 'ok',
      inbound: { recipientKid: kid, recipientDid: bob.did },
    });
  },
);

test('the form that a peer uses is read off its skid, and kept as it wrote it', async () => {
  for (const form of forms) {
    const kid = kidInForm(key, form);
    expect(oldKidForm(bob.document.keyAgreement, kid)).toBe(form);
    expect(findKey(bob.document.keyAgreement, kid)).toBe(key);
    const packed = await packAuthcrypt(nativeEngine, {
      plaintext: { ...plaintext, from: bob.did, to: [alice.did] },
      sender: { ...bob.agreement, kid },
      recipient: alice.document,
    });
    if (packed.kind !== 'ok') throw new Error(packed.kind);
    const opened = await openEnvelope(packed.packed, {
      engine: nativeEngine,
      secrets: alice.secrets,
      resolve: resolveDid,
      now: 0,
    });
    expect(opened).toMatchObject({ kind: 'ok', inbound: { sender: bob.did, senderKid: kid } });
  }
  for (const kid of [key.kid, `${bob.did}#key-9`, `${alice.did}#key-1`, bob.did, ''])
    expect(oldKidForm(bob.document.keyAgreement, kid)).toBeUndefined();
});

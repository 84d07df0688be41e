import { expect, test } from 'vitest';
import { createPeer4 } from '../did/peer4-create.ts';
import { resolverKnowing } from '../did/resolve-known.ts';
import { resolveDid } from '../did/resolve.ts';
import { set, type Json } from '../testing/forge.ts';
import { authcrypt, honest, newCast, wrap } from '../testing/forged/cast.ts';
import { gateOf } from '../testing/forged/gate.ts';
import { endingBy, leaving, rotationJwt } from '../testing/forged/rotation.ts';

// What an envelope that was taken says about its sender, its time and its thread.

const cast = await newCast(Date.UTC(2026, 5, 1));
const { alice, mallory, aliceBefore } = cast;
const open = gateOf(cast);

const plain = (change: Json = {}) => set(change)(honest(cast));

test('a rotation proved by both DIDs comes with its prior DID and time', async () => {
  const at = cast.nowSeconds;
  for (const edits of [
    {},
    { header: set({ crv: undefined }) },
    { header: set({ typ: undefined }) },
    { header: set({ crv: 'Ed25519', typ: 'jwt' }) },
    { claims: { exp: at + 1, nbf: at + 600, aud: 'any', jti: 'x' } },
    { claims: { iat: at + 600 } },
    { claims: { iat: at - 0.5 } },
  ]) {
    const message = plain({ from_prior: await rotationJwt(cast, edits) });
    const opened = await open(await wrap(cast, 'a', message));
    if (opened.kind !== 'ok') throw new Error(JSON.stringify(opened));
    expect(opened.inbound.rotation?.priorDid).toBe(aliceBefore.did);
    expect(Number.isInteger(opened.inbound.rotation?.issuedAtSeconds)).toBe(true);
    expect(opened.inbound.message).not.toHaveProperty('from_prior');
  }
});

test.each([
  ['n', undefined],
  ['a', aliceBefore.did],
  ['na', aliceBefore.did],
  ['as', aliceBefore.did],
])('%s: a move to nowhere is an ending, not a rotation', async (nesting, sender) => {
  const opened = await open(await wrap(leaving(cast), nesting, await endingBy(cast)));
  if (opened.kind !== 'ok') throw new Error(JSON.stringify(opened));
  const { ending, rotation, sender: proved, message } = opened.inbound;
  expect(ending).toEqual({ priorDid: aliceBefore.did, issuedAtSeconds: cast.nowSeconds - 60 });
  expect(rotation).toBeUndefined();
  expect(proved).toBe(sender);
  expect(message).not.toHaveProperty('from_prior');
});

test('a peer may name itself by the other form of the DID that its key is of', async () => {
  const { agreement, signing } = alice;
  const { long, short } = await createPeer4({
    agreement: agreement.publicBytes,
    signing: signing.publicBytes,
    services: [],
  });
  const known = { resolve: resolverKnowing(resolveDid, async () => long) };
  const from_prior = await rotationJwt(cast, { claims: { sub: short } });
  for (const [form, other] of [
    [long, short],
    [short, long],
  ] as const) {
    const by = { from: { ...agreement, kid: `${form}#key-1` as const } };
    const opened = await open(await authcrypt(cast, plain({ from: other }), by), known);
    expect(opened).toMatchObject({ kind: 'ok', inbound: { sender: form } });
    const moved = await open(await authcrypt(cast, plain({ from: other, from_prior }), by), known);
    expect(moved).toMatchObject({ kind: 'ok', inbound: { sender: form, rotation: {} } });
    const unknown = await open(await authcrypt(cast, plain({ from: other }), by));
    expect(unknown.kind).toBe(form === long ? 'ok' : 'quarantine');
    // The hash of Alice before a document of Mallory's is nobody's DID.
    const mixed = `${short}:${mallory.document.keyAgreement[0]!.multibase}`;
    expect(await open(await authcrypt(cast, plain({ from: mixed }), by), known)).toEqual({
      kind: 'quarantine',
      reason: 'from-skid',
    });
  }
});

test('R25: what is past is marked so, ten minutes of skew given; no message is from the future', async () => {
  const at = cast.nowSeconds;
  const read = async (change: Json) => {
    const opened = await open(await wrap(cast, 'a', plain(change)));
    if (opened.kind !== 'ok') throw new Error(JSON.stringify(opened));
    return opened.inbound;
  };
  for (const [expires_time, expired] of [
    [at + 1, undefined],
    [at - 599, undefined],
    [at - 600, true],
    [0, true],
    [undefined, undefined],
  ])
    expect((await read({ expires_time })).expired, String(expires_time)).toBe(expired);
  for (const [created_time, clamped] of [
    [at - 5, at - 5],
    [at, at],
    [at + 1, at],
    [1e300, at],
    [-7, 0],
  ])
    expect((await read({ created_time })).message.created_time).toBe(clamped);
  expect((await read({ created_time: undefined })).message).not.toHaveProperty('created_time');
});

test('R21: an id of more than 64 characters is taken and marked', async () => {
  for (const [length, longId] of [
    [64, undefined],
    [65, true],
    [256, true],
  ] as const) {
    const opened = await open(await wrap(cast, 'a', plain({ id: 'a'.repeat(length) })));
    expect(opened.kind === 'ok' && opened.inbound.longId, String(length)).toBe(longId);
  }
});

test('R35, R36: nobody above the gate sees a request to be traced or sent elsewhere', async () => {
  const opened = await open(
    await wrap(
      cast,
      'a',
      plain({
        trace: 'https://spy.example',
        web_redirect: { status: 'OK', redirectUrl: 'https://spy.example' },
      }),
    ),
  );
  if (opened.kind !== 'ok') throw new Error(JSON.stringify(opened));
  expect(JSON.stringify(opened.inbound.message)).not.toContain('spy.example');
});

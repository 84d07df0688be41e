import { expect, test } from 'vitest';
import { toBase64Url } from '../../lib/base64url.ts';
import { utf8 } from '../../lib/bytes.ts';
import { resolveDid } from '../../did/resolve.ts';
import type { DidDocument } from '../../did/did.ts';
import { nativeEngine } from '../../didcomm/native-engine.ts';
import { openEnvelope } from '../../didcomm/trust-gate.ts';
import { letterFor } from '../../testing/mediator-client.ts';
import { newPeer } from '../../testing/peer.ts';
import { suiteClient } from '../../testing/suite-client.ts';
import { forwardedEnvelopes } from './unwrap.ts';
import { wrapInForward } from './wrap.ts';

/** The standard alphabet, padded. */
const toBase64 = (text: string): string => btoa(String.fromCharCode(...utf8(text)));
const NOW = 1_763_690_000_500;

const wrapped = async () => {
  const mediator = await newPeer([{ uri: 'https://mediator.example' }]);
  const bob = await newPeer();
  const innerJwe = await letterFor(bob, 'hello');
  const forward = await wrapInForward({
    engine: nativeEngine,
    innerJwe,
    next: bob.did,
    mediator: mediator.document,
    nowMs: NOW,
  });
  if (forward.kind !== 'ok') throw new Error(forward.kind);
  return { mediator, bob, innerJwe, packed: forward.packed };
};

test('a forward names the next, says when it expires, and nothing of its sender', async () => {
  const { mediator, bob, innerJwe, packed } = await wrapped();
  const opened = await openEnvelope(packed, {
    engine: nativeEngine,
    secrets: mediator.secrets,
    resolve: resolveDid,
    now: NOW,
  });
  if (opened.kind !== 'ok') throw new Error(opened.kind);
  const { sender, encryption, message, plaintextBytes } = opened.inbound;
  expect([sender, encryption]).toEqual([undefined, 'anoncrypt']);
  const plaintext = JSON.parse(new TextDecoder().decode(plaintextBytes)) as object;
  expect(plaintext).toEqual({
    id: message.id,
    type: 'https://didcomm.org/routing/2.0/forward',
    typ: 'application/didcomm-plain+json',
    to: [mediator.did],
    created_time: 1_763_690_000,
    expires_time: 1_766_282_000,
    body: { next: bob.did },
    attachments: [
      {
        id: message.attachments?.[0]?.id,
        media_type: 'application/didcomm-encrypted+json',
        data: { json: JSON.parse(innerJwe) as unknown },
      },
    ],
  });
  expect(message.attachments?.[0]?.id).not.toBe(message.id);
  expect(forwardedEnvelopes(message.attachments)).toEqual({ kind: 'ok', envelopes: [innerJwe] });
});

test('the reference implementation reads it', async () => {
  const { mediator, bob, packed } = await wrapped();
  const message = await suiteClient(mediator).open(packed);
  expect(message.body).toEqual({ next: bob.did });
});

test('a mediator without a usable key is an outcome, no exception', async () => {
  const bob = await newPeer();
  const mediator: DidDocument = { ...bob.document, keyAgreement: [] };
  const innerJwe = await letterFor(bob, 'hello');
  expect(
    await wrapInForward({ engine: nativeEngine, innerJwe, next: bob.did, mediator, nowMs: NOW }),
  ).toEqual({ kind: 'no-usable-key' });
});

test('envelopes are read from objects, text and either base64; nothing else is', () => {
  const jwe = { protected: 'p', recipients: [], iv: 'i', ciphertext: 'c', tag: 't?>ÿ' };
  const text = JSON.stringify(jwe, null, 1);
  const base64 = toBase64(text);
  const read = (...data: object[]) => forwardedEnvelopes(data.map((one) => ({ data: one })));
  expect(
    read(
      { json: jwe },
      { json: text },
      { base64 },
      { base64: base64.replace(/=+$/, '') },
      { base64: toBase64Url(utf8(text)) },
    ),
  ).toEqual({ kind: 'ok', envelopes: [JSON.stringify(jwe), text, text, text, text] });
  for (const data of [
    {},
    { json: null },
    { json: [jwe] },
    { json: 7 },
    { json: 'x' },
    { json: { ciphertext: 'c' } },
    { json: { protected: 'p', ciphertext: {} } },
    { base64: '%' },
    { base64: toBase64('x') },
    { base64: toBase64Url(new Uint8Array([0xff])) },
    { base64: toBase64(`${'['.repeat(100)}${']'.repeat(100)}`) },
    { links: ['https://example.org/jwe'] },
  ])
    expect(read(data).kind, JSON.stringify(data)).toBe('malformed');
  expect(forwardedEnvelopes(undefined).kind).toBe('malformed');
  expect(read(...Array<object>(20).fill({ json: jwe })).kind).toBe('ok');
  expect(read(...Array<object>(21).fill({ json: jwe })).kind).toBe('malformed');
});

import { expect, test } from 'vitest';
import { fromBase64Url } from '../lib/base64url.ts';
import { utf8 } from '../lib/bytes.ts';
import { set, type Json } from '../testing/forge.ts';
import {
  anoncrypt,
  authcrypt,
  honest,
  nestingName,
  newCast,
  signed,
  wrap,
} from '../testing/forged/cast.ts';
import { gateOf } from '../testing/forged/gate.ts';
import { nativeEngine } from './native-engine.ts';

// What the gate takes: all that the standard allows, and how others write it.

const cast = await newCast(Date.UTC(2026, 5, 1));
const { alice, bob, mallory, bobElsewhere } = cast;
const open = gateOf(cast);

/** Legal nestings: [layers, encryption, sender proved, signed] */
const legal = [
  ['n', 'anoncrypt', false, false],
  ['a', 'authcrypt', true, false],
  ['s', 'none', true, true],
  ['ns', 'anoncrypt', true, true],
  ['as', 'authcrypt', true, true],
  ['na', 'authcrypt', true, false],
  ['nas', 'authcrypt', true, true],
] as const;

test.each(legal)('%s is legal and proves what its layers prove', async (...row) => {
  const [nesting, encryption, isSenderProved, isSigned] = row;
  const message = honest(cast);
  const opened = await open(await wrap(cast, nesting, message));
  if (opened.kind !== 'ok') throw new Error(`${nestingName(nesting)}: ${JSON.stringify(opened)}`);
  const { from: _, ...headers } = message;
  const senderKid = encryption === 'authcrypt' ? alice.agreement.kid : alice.signing.kid;
  expect(opened.inbound).toEqual({
    encryption,
    signed: isSigned,
    sender: isSenderProved ? alice.did : undefined,
    ...(isSenderProved ? { senderKid } : {}),
    ...(encryption === 'authcrypt' ? { senderTag: expect.any(Uint8Array) } : {}),
    recipientDid: nesting === 's' ? undefined : bob.did,
    ...(nesting === 's' ? {} : { recipientKid: bob.agreement.kid }),
    message: headers,
    plaintextBytes: utf8(JSON.stringify(message)),
  });
});

test('one more anoncrypt around an envelope leaves the tag of its sender as it was', async () => {
  const packed = await wrap(cast, 'a', honest(cast));
  const { tag } = JSON.parse(packed) as { tag: string };
  for (const text of [
    packed,
    await nativeEngine.anoncrypt(utf8(packed), bob.document.keyAgreement),
  ]) {
    const opened = await open(text);
    expect(opened).toMatchObject({ kind: 'ok', inbound: { senderTag: fromBase64Url(tag) } });
  }
});

const plain = (change: Json = {}) => set(change)(honest(cast));
const multibase = alice.document.keyAgreement[0]!.multibase;
const bobMultibase = bob.document.keyAgreement[0]!.multibase;
const sender = (fragment: string) => ({
  from: { ...alice.agreement, kid: `${alice.did}#${fragment}` as const },
});
const recipient = (kid: string) => ({
  to: [{ kid, publicBytes: bob.agreement.publicBytes }],
});
const publicBytes = mallory.agreement.publicBytes;

/** What peers do and the specification allows, or what costs nothing to tolerate. */
type Tolerated = readonly [string, () => Promise<string>];
const tolerated: readonly Tolerated[] = [
  [
    'another DID of the wallet',
    () =>
      authcrypt(cast, plain({ to: [bobElsewhere.did] }), {
        to: [bobElsewhere.agreement],
      }),
  ],
  ['no to', () => wrap(cast, 'a', plain({ to: undefined }))],
  ['several in to', () => wrap(cast, 'a', plain({ to: [mallory.did, bob.did] }))],
  ['to as a key id', () => wrap(cast, 'a', plain({ to: [bob.agreement.kid] }))],
  ['anoncrypt without from', () => wrap(cast, 'n', plain({ from: undefined }))],
  ['anoncrypt with a claim that nobody reads', () => wrap(cast, 'n', plain({ from: mallory.did }))],
  ['no body', () => wrap(cast, 'a', plain({ body: undefined }))],
  ['body null', () => wrap(cast, 'a', plain({ body: null }))],
  ['null headers', () => wrap(cast, 'a', plain({ thid: null, pthid: null, attachments: null }))],
  ['no typ', () => wrap(cast, 'a', plain({ typ: undefined }))],
  ['typ without prefix', () => wrap(cast, 'a', plain({ typ: 'didcomm-plain+json' }))],
  ['a long past message', () => wrap(cast, 'a', plain({ expires_time: 1 }))],
  [
    'times as text and float',
    () => wrap(cast, 'a', plain({ created_time: '1547577721', expires_time: 1.5 })),
  ],
  ['an id of 256 characters', () => wrap(cast, 'a', plain({ id: 'a'.repeat(256) }))],
  ['an id with colons', () => wrap(cast, 'a', plain({ id: 'urn:uuid:6f9d1c1e' }))],
  [
    'unknown headers',
    () => wrap(cast, 'a', plain({ x_more: { from: mallory.did }, payload: undefined })),
  ],
  [
    '20 attachments',
    () =>
      wrap(
        cast,
        'a',
        plain({
          attachments: Array.from({ length: 20 }, () => ({ data: { json: {} } })),
        }),
      ),
  ],
  [
    '60 levels',
    () =>
      wrap(
        cast,
        'a',
        plain({
          body: { deep: JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown },
        }),
      ),
  ],
  [
    'attachments in each of their forms',
    () =>
      wrap(
        cast,
        'a',
        plain({
          attachments: [
            { data: { base64: 'SGVsbG8_' } },
            { data: { base64: 'SGVsbG8/Pw==' } },
            { data: { base64: '' } },
            { data: { json: null } },
            { data: { json: 'text' } },
            { data: { links: ['https://a.example', 'ipfs://b'], hash: 'zQm' } },
          ],
        }),
      ),
  ],
  [
    'a thread named by a text of any kind',
    () => wrap(cast, 'a', plain({ thid: '<é>/?'.repeat(51) })),
  ],
  ...['payload', 'ciphertext', 'signatures'].map((header): Tolerated => [
    `a header called ${header}`,
    () => wrap(cast, 'a', plain({ [header]: 'x' })),
  ]),
  ...['?service=x', '/path'].map((more): Tolerated => [
    `from a DID URL with ${more}`,
    () => wrap(cast, 'nas', plain({ from: `${alice.did}${more}` })),
  ]),
  [
    'an attachment full of nulls',
    () =>
      wrap(
        cast,
        'a',
        plain({
          attachments: [
            {
              ...{ id: '1', description: null, filename: null, media_type: null, format: null },
              data: { base64: null, json: {}, links: null, hash: null, jws: null },
            },
          ],
        }),
      ),
  ],
  [
    'an attachment with an empty list of links',
    () => wrap(cast, 'a', plain({ attachments: [{ data: { json: {}, links: [] } }] })),
  ],
  ['JWE without typ', () => authcrypt(cast, plain(), { header: set({ typ: undefined }) })],
  [
    'JWE typ without prefix',
    () => authcrypt(cast, plain(), { header: set({ typ: 'didcomm-encrypted+json' }) }),
  ],
  ['JWE with an unknown header', () => authcrypt(cast, plain(), { header: set({ kty: 'x' }) })],
  ['JWE with unknown members', () => authcrypt(cast, plain(), { envelope: set({ more: [1] }) })],
  ['sender only in apu', () => authcrypt(cast, plain(), { header: set({ skid: undefined }) })],
  ['apu null in anoncrypt', () => anoncrypt(cast, plain(), { header: set({ apu: null }) })],
  ['apu in anoncrypt', () => anoncrypt(cast, plain(), { header: set({ apu: 'QWxpY2U' }) })],
  ['A256GCM', () => anoncrypt(cast, plain(), { enc: 'A256GCM' })],
  ['XC20P', () => anoncrypt(cast, plain(), { enc: 'XC20P' })],
  ['sender kid as multibase', () => authcrypt(cast, plain(), sender(multibase))],
  ['sender kid without z', () => authcrypt(cast, plain(), sender(multibase.slice(1)))],
  ['sender kid of 8 characters', () => authcrypt(cast, plain(), sender(multibase.slice(1, 9)))],
  [
    'recipient kid as multibase',
    () => authcrypt(cast, plain(), recipient(`${bob.did}#${bobMultibase}`)),
  ],
  [
    'recipient kid of 8 characters',
    () => authcrypt(cast, plain(), recipient(`${bob.did}#${bobMultibase.slice(1, 9)}`)),
  ],
  [
    'recipient as a did:key',
    () => authcrypt(cast, plain({ to: undefined }), recipient(`did:key:${bobMultibase}`)),
  ],
  [
    '20 recipient keys, the last one ours',
    () =>
      authcrypt(cast, plain(), {
        to: [
          ...Array.from({ length: 19 }, (_, index) => ({
            kid: `${bob.did}#key-${index + 10}`,
            publicBytes,
          })),
          bob.agreement,
        ],
      }),
  ],
  [
    'JWS kid in the protected header',
    () =>
      signed(cast, plain(), {
        header: set({ kid: alice.signing.kid }),
        unprotected: () => undefined,
      }),
  ],
  [
    'a flattened JWS',
    () =>
      signed(cast, plain(), {
        envelope: ({ payload, signatures }) => ({ payload, ...(signatures as Json[])[0] }),
      }),
  ],
  [
    'a flattened JWS in anoncrypt',
    async () =>
      anoncrypt(
        cast,
        await signed(cast, plain(), {
          envelope: ({ payload, signatures }) => ({ payload, ...(signatures as Json[])[0] }),
        }),
      ),
  ],
  [
    'JWS typ without prefix',
    () => signed(cast, plain(), { header: set({ typ: 'didcomm-signed+json' }) }),
  ],
  ['blanks around the envelope', async () => ` ${await wrap(cast, 'a', plain())}\n`],
];

test('what the field does within the standard is taken', async () => {
  for (const [name, pack] of tolerated) {
    const opened = await open(await pack());
    expect([name, opened.kind === 'quarantine' ? opened.reason : opened.kind]).toEqual([
      name,
      'ok',
    ]);
    if (opened.kind !== 'ok') continue;
    expect(opened.inbound.message.body).toBeTypeOf('object');
    expect(opened.inbound.message).not.toHaveProperty('from');
  }
  expect(tolerated).toHaveLength(48);
});

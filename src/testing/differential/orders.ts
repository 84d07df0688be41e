import fc from 'fast-check';
import { PLAIN_TYP } from '../../didcomm/plaintext.ts';
import type { ContentEncryption } from '../../didcomm/engine.ts';
import { toBase64Url } from '../../lib/base64url.ts';
import type { Json } from '../forge.ts';
import type { AgreementName, SigningAlg } from './key-ring.ts';

// Random messages: what is in them, and how they are packed.

export const FORMS = [
  'authcrypt',
  'anoncrypt',
  'sign',
  'anoncrypt(sign)',
  'authcrypt(sign)',
  'anoncrypt(authcrypt)',
  'anoncrypt(authcrypt(sign))',
] as const;
export type Form = (typeof FORMS)[number];

export interface Order {
  readonly form: Form;
  /** Of the recipient's keys, and of the sender's. */
  readonly curve: AgreementName;
  readonly recipientKeys: 1 | 2;
  /** Of anoncrypt; authcrypt has one. */
  readonly enc: ContentEncryption;
  /** Who signs with what; our engine makes EdDSA alone. */
  readonly alg: SigningAlg;
  /** Moves from another DID, with a JWT of this algorithm. */
  readonly movedBy: SigningAlg | undefined;
  /** Without `from`, `to` and `from_prior`. */
  readonly content: Json;
}

const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength }),
    fc.string({ unit: 'binary', maxLength }),
    fc.string({ unit: 'grapheme-ascii', maxLength }),
  );
/** The library makes a prototype of the one excepted; no test of equality sees that. */
const name = text(12).filter((key) => key !== '' && key !== '__proto__');
const integer = fc.oneof(fc.integer(), fc.maxSafeInteger());
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    text(60),
    integer,
    // Of more digits the library's reader loses the last bit; see differences.ts.
    fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((whole) => whole / 8),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
}));
const object = fc.dictionary(name, json, { maxKeys: 5 });

const id = fc.oneof(fc.uuid(), fc.stringMatching(/^[A-Za-z0-9._~-]{1,64}$/));
const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
const base64 = fc.uint8Array({ maxLength: 200 }).map(toBase64Url);
const present = { requiredKeys: [] as [] };

const attachment = fc
  .tuple(
    fc.record(
      {
        id,
        description: text(20),
        filename: text(20),
        media_type: fc.constantFrom('text/plain', 'image/png'),
        format: text(10),
        lastmod_time: seconds,
        byte_count: fc.nat(),
      },
      present,
    ),
    fc.oneof(
      fc.record({ base64 }),
      fc.record({ json }),
      fc.record({
        links: fc.array(fc.webUrl(), { minLength: 1, maxLength: 2 }),
        hash: text(20).filter((hash) => hash !== ''),
      }),
    ),
  )
  .map(([headers, data]) => ({ ...headers, data }));

/** Headers that the library knows, some that only we know, and some that nobody does. */
const headers = fc.record(
  {
    thid: id,
    pthid: id,
    created_time: seconds,
    expires_time: seconds,
    attachments: fc.array(attachment, { minLength: 1, maxLength: 3 }),
    lang: fc.constantFrom('fr', 'en'),
    return_route: fc.constantFrom('none', 'all', 'thread'),
    please_ack: fc.array(id, { maxLength: 2 }),
    ack: fc.array(id, { maxLength: 2 }),
    'accept-lang': fc.array(text(4), { maxLength: 2 }),
    trace: fc.webUrl(),
    'x.unknown': json,
  },
  present,
);

const content = fc
  .tuple(id, fc.constantFrom('basicmessage/2.0/message', 'x/1.0/y'), object, headers)
  .map(([messageId, type, body, more]) => ({
    id: messageId,
    typ: PLAIN_TYP,
    type: `https://didcomm.org/${type}`,
    body,
    ...more,
  }));

const alg = fc.constantFrom<SigningAlg>('EdDSA', 'ES256', 'ES256K');

export const orders: fc.Arbitrary<Order> = fc.record({
  form: fc.constantFrom(...FORMS),
  curve: fc.constantFrom<AgreementName>('X25519', 'X25519', 'P-256'),
  recipientKeys: fc.constantFrom<1 | 2>(1, 2),
  enc: fc.constantFrom<ContentEncryption>('A256CBC-HS512', 'A256GCM', 'XC20P'),
  alg,
  movedBy: fc.option(alg, { nil: undefined, freq: 5 }),
  content,
});

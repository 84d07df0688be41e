import { set } from '../forge.ts';
import { anoncrypt, authcrypt, honest, type Forgery } from './cast.ts';

const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + '1' + close.repeat(depth);

/** Texts that are no envelope at all, or exceed the caps. */
const texts: readonly (readonly [string, string, Forgery['expected']])[] = [
  ['nothing', '', 'malformed'],
  ['blanks', ' \n\t', 'malformed'],
  ['null', 'null', 'malformed'],
  ['a number', '42', 'malformed'],
  ['true', 'true', 'malformed'],
  ['a string', '"{}"', 'malformed'],
  ['an empty object', '{}', 'malformed'],
  ['an empty array', '[]', 'malformed'],
  ['a web page', '<!doctype html><title>502 Bad Gateway</title>', 'malformed'],
  ['a compact JWE', 'eyJhbGciOiJFQ0RILUVTIn0.a.b.c.d', 'malformed'],
  ['a byte order mark', '\uFEFF{}', 'malformed'],
  ['two objects', '{}{}', 'malformed'],
  ['a comment', '{/* */}', 'malformed'],
  ['a lone brace', '{', 'malformed'],
  ['a lone surrogate', '"\uD800', 'malformed'],
  ['an unknown object', '{"hello":"world"}', 'malformed'],
  ['a prototype', '{"__proto__":{"ciphertext":"AA"}}', 'malformed'],
  ['a mebibyte and one', 'x'.repeat(1024 * 1024 + 1), 'too-large'],
  ['a mebibyte and one of JSON', JSON.stringify('x'.repeat(1024 * 1024 - 1)), 'too-large'],
  ['65 arrays', nested(65, '[', ']'), 'too-deep'],
  ['65 objects', nested(65, '{"a":', '}'), 'too-deep'],
  ['200,000 open arrays', '['.repeat(200_000), 'too-deep'],
  ['64 arrays, which is no envelope', nested(64, '[', ']'), 'malformed'],
];

const cut = (packed: string, part: number): string =>
  packed.slice(0, Math.floor(packed.length * part));

export const shapeForgeries: readonly Forgery[] = [
  ...texts.map(([name, text, expected]) => ({ name, expected, pack: () => text })),
  {
    name: 'plaintext',
    expected: 'plaintext',
    libraryAccepts: true,
    pack: (cast) => JSON.stringify(honest(cast)),
  },
  {
    name: 'plaintext that says it is encrypted',
    expected: 'plaintext',
    pack: (cast) => JSON.stringify({ ...honest(cast), typ: 'application/didcomm-encrypted+json' }),
  },
  {
    name: 'an envelope in a list',
    expected: 'malformed',
    pack: async (cast) => `[${await authcrypt(cast, honest(cast))}]`,
  },
  {
    name: 'an envelope as a JSON string',
    expected: 'malformed',
    pack: async (cast) => JSON.stringify(await authcrypt(cast, honest(cast))),
  },
  {
    name: 'an envelope of 65 levels',
    expected: 'too-deep',
    pack: (cast) =>
      authcrypt(cast, honest(cast), {
        envelope: (jwe) => JSON.stringify(jwe).replace(/}$/, `,"more":${nested(64, '[', ']')}}`),
      }),
  },
  {
    name: 'a protected header of 65 levels',
    expected: 'too-deep',
    pack: (cast) =>
      anoncrypt(cast, honest(cast), {
        header: (header) =>
          JSON.stringify(header).replace(/}$/, `,"more":${nested(64, '[', ']')}}`),
      }),
  },
  {
    name: 'a plaintext of 65 levels',
    expected: 'too-deep',
    pack: (cast) =>
      authcrypt(
        cast,
        JSON.stringify(honest(cast)).replace(/}$/, `,"more":${nested(64, '[', ']')}}`),
      ),
  },
  {
    name: 'an envelope of the old format',
    expected: 'typ',
    keptAs: 'didcomm-v1',
    pack: (cast) =>
      anoncrypt(cast, honest(cast), {
        header: () => ({
          enc: 'xchacha20poly1305_ietf',
          typ: 'JWM/1.0',
          alg: 'Authcrypt',
          recipients: [],
        }),
        envelope: set({ recipients: undefined }),
      }),
  },
  ...[0.1, 0.5, 0.9].map((part): Forgery => ({
    name: `the first ${part * 100} % of an envelope`,
    expected: 'malformed',
    pack: async (cast) => cut(await authcrypt(cast, honest(cast)), part),
  })),
];

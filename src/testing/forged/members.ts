import { concatBytes } from '../../lib/bytes.ts';
import { alter, set, type Edit, type Json } from '../forge.ts';
import { anoncrypt, authcrypt, honest, type Cast, type Forgery } from './cast.ts';

/** The three places of a JWE in a legal nesting; the edited one is the innermost. */
const forms = {
  authcrypt: (cast: Cast, envelope: Edit) => authcrypt(cast, honest(cast), { envelope }),
  anoncrypt: (cast: Cast, envelope: Edit) => anoncrypt(cast, honest(cast), { envelope }),
  'anoncrypt(authcrypt)': async (cast: Cast, envelope: Edit) =>
    anoncrypt(cast, await authcrypt(cast, honest(cast), { envelope })),
};

const recipient =
  (edit: (entry: Json) => unknown): Edit =>
  (jwe) => ({ ...jwe, recipients: (jwe['recipients'] as Json[]).map(edit) });
const protectedBy =
  (edit: (text: string) => unknown): Edit =>
  (jwe) => ({ ...jwe, protected: edit(String(jwe['protected'])) });

const edits: readonly (readonly [string, Edit, Forgery['expected']])[] = [
  ['protected missing', set({ protected: undefined }), 'malformed'],
  ['protected a number', set({ protected: 7 }), 'malformed'],
  ['protected an object', set({ protected: {} }), 'malformed'],
  ['protected empty', set({ protected: '' }), 'malformed'],
  ['protected not base64url', set({ protected: 'e30+' }), 'malformed'],
  ['protected not JSON', set({ protected: 'bm8' }), 'malformed'],
  ['protected not UTF-8', set({ protected: '_w' }), 'malformed'],
  ['protected an array', set({ protected: 'W10' }), 'malformed'],
  ['protected padded', protectedBy((text) => `${text}=`), 'malformed'],
  ['protected empty object', set({ protected: 'e30' }), 'alg'],
  ['recipients missing', set({ recipients: undefined }), 'malformed'],
  ['recipients an object', set({ recipients: {} }), 'malformed'],
  ['a recipient that is a text', recipient(() => 'bob'), 'malformed'],
  ['a recipient without header', recipient(set({ header: undefined })), 'malformed'],
  ['a recipient whose header is null', recipient(set({ header: null })), 'malformed'],
  ['encrypted_key missing', recipient(set({ encrypted_key: undefined })), 'malformed'],
  ['encrypted_key a number', recipient(set({ encrypted_key: 1 })), 'malformed'],
  ['encrypted_key empty', recipient(set({ encrypted_key: '' })), 'decrypt'],
  ['encrypted_key of 7 bytes', recipient(set({ encrypted_key: 'AAAAAAAAAA' })), 'decrypt'],
  ['encrypted_key of 24 bytes', recipient(set({ encrypted_key: 'A'.repeat(32) })), 'decrypt'],
  ['encrypted_key altered', recipient(alter('encrypted_key')), 'decrypt'],
  ['iv missing', set({ iv: undefined }), 'malformed'],
  ['iv null', set({ iv: null }), 'malformed'],
  ['iv empty', set({ iv: '' }), 'malformed'],
  ['iv for A256GCM', set({ iv: 'A'.repeat(16) }), 'malformed'],
  ['iv padded', (jwe) => ({ ...jwe, iv: `${String(jwe['iv'])}==` }), 'malformed'],
  ['iv altered', alter('iv'), 'decrypt'],
  ['tag missing', set({ tag: undefined }), 'malformed'],
  ['tag empty', set({ tag: '' }), 'malformed'],
  [
    'tag of 16 bytes',
    (jwe) => ({ ...jwe, tag: `${String(jwe['tag']).slice(0, 21)}A` }),
    'malformed',
  ],
  ['tag altered', alter('tag'), 'decrypt'],
  ['ciphertext null', set({ ciphertext: null }), 'malformed'],
  ['ciphertext an array', set({ ciphertext: [] }), 'malformed'],
  ['ciphertext empty', set({ ciphertext: '' }), 'decrypt'],
  ['ciphertext altered', alter('ciphertext'), 'decrypt'],
  [
    'ciphertext cut',
    (jwe) => ({ ...jwe, ciphertext: String(jwe['ciphertext']).slice(64) }),
    'decrypt',
  ],
  ['aad added', set({ aad: 'e30' }), 'malformed'],
  ['unprotected a text', set({ unprotected: 'alg' }), 'malformed'],
  ['unprotected alg', set({ unprotected: { alg: 'ECDH-ES+A256KW' } }), 'header'],
  ['unprotected crit', set({ unprotected: { crit: ['exp'] } }), 'alg'],
  ['unprotected zip', set({ unprotected: { zip: 'DEF' } }), 'alg'],
  ['a recipient with crit', recipient(inHeader({ crit: ['b64'] })), 'alg'],
  ['a recipient with zip', recipient(inHeader({ zip: 'DEF' })), 'alg'],
  ['a recipient with enc', recipient(inHeader({ enc: 'A256GCM' })), 'header'],
  ['a recipient with epk', recipient(inHeader({ epk: {} })), 'header'],
  ['a recipient whose kid is a number', recipient(inHeader({ kid: 1 })), 'malformed'],
  ['a recipient without kid', recipient(inHeader({ kid: undefined })), 'malformed'],
];

function inHeader(members: Json) {
  return (entry: Json): Json => ({ ...entry, header: set(members)(entry['header'] as Json) });
}

export const memberForgeries: readonly Forgery[] = [
  ...Object.entries(forms).flatMap(([form, pack]) =>
    edits.map(([name, edit, expected]) => ({
      name: `${form}: ${name}`,
      expected,
      pack: (cast: Cast) => pack(cast, edit),
    })),
  ),
  {
    name: 'authcrypt: ciphertext missing',
    expected: 'malformed',
    pack: (cast) => forms.authcrypt(cast, set({ ciphertext: undefined })),
  },
  {
    name: 'authcrypt: protected with the same meaning in other bytes',
    expected: 'decrypt',
    pack: (cast) =>
      forms.authcrypt(
        cast,
        protectedBy((text) => {
          const header = JSON.parse(atob(text.replace(/-/g, '+').replace(/_/g, '/'))) as Json;
          const spaced = JSON.stringify(header, undefined, 1);
          return btoa(spaced).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
        }),
      ),
  },
  ...(['A256GCM', 'XC20P'] as const).flatMap((enc) =>
    ['iv', 'tag', 'ciphertext'].map((member): Forgery => ({
      name: `anoncrypt ${enc}: ${member} altered`,
      expected: 'decrypt',
      pack: (cast) => anoncrypt(cast, honest(cast), { enc, envelope: alter(member) }),
    })),
  ),
  {
    name: 'anoncrypt A256GCM said to be XC20P',
    expected: 'malformed',
    pack: (cast) =>
      anoncrypt(cast, honest(cast), { enc: 'A256GCM', header: set({ enc: 'XC20P' }) }),
  },
  {
    name: 'authcrypt: the key wrapped for somebody else',
    expected: 'decrypt',
    pack: (cast) => {
      const { kid } = cast.bob.agreement;
      const { publicBytes } = cast.mallory.agreement;
      return authcrypt(cast, honest(cast), { to: [{ kid, publicBytes }] });
    },
  },
  {
    name: 'authcrypt: two recipients with their keys exchanged',
    expected: 'decrypt',
    pack: (cast) => {
      const { kid, publicBytes } = cast.bob.agreement;
      const second = {
        kid: `${cast.bob.did}#key-9`,
        publicBytes: cast.mallory.agreement.publicBytes,
      };
      return authcrypt(cast, honest(cast), {
        to: [{ kid, publicBytes }, second],
        envelope: (jwe) => {
          const [first, last] = jwe['recipients'] as Json[];
          return {
            ...jwe,
            recipients: [
              { ...first, encrypted_key: last?.['encrypted_key'] },
              { ...last, encrypted_key: first?.['encrypted_key'] },
            ],
          };
        },
      });
    },
  },
  {
    name: 'authcrypt: half of the content key',
    expected: 'decrypt',
    pack: (cast) =>
      authcrypt(cast, honest(cast), { wrapped: (contentKey) => contentKey.slice(0, 32) }),
  },
  ...(['A256GCM', 'XC20P'] as const).map((enc): Forgery => ({
    name: `anoncrypt ${enc}: the content key twice`,
    expected: 'decrypt',
    pack: (cast) => anoncrypt(cast, honest(cast), { enc, wrapped: (key) => concatBytes(key, key) }),
  })),
  {
    name: 'authcrypt: the content of another envelope',
    expected: 'decrypt',
    pack: async (cast) => {
      const other = JSON.parse(await authcrypt(cast, { ...honest(cast), id: 'other' })) as Json;
      const { iv, ciphertext } = other;
      return authcrypt(cast, honest(cast), { envelope: set({ iv, ciphertext }) });
    },
  },
];

import { alter, altered, set, type Edit, type Json } from '../forge.ts';
import { honest, nestingName, signed, wrap, type Cast, type Forgery } from './cast.ts';

type Edits = Parameters<typeof signed>[2];

const entry =
  (edit: Edit): Edit =>
  (jws) => ({ ...jws, signatures: (jws['signatures'] as Json[]).map(edit) });

const kid = (of: (cast: Cast) => unknown) => (cast: Cast) => ({
  unprotected: set({ kid: of(cast) }),
});

/** Faults of the signature itself; they are the same within every legal nesting. */
const faults: readonly (readonly [string, (cast: Cast) => Edits, Forgery['expected']])[] = [
  ['payload a number', () => ({ envelope: set({ payload: 3 }) }), 'malformed'],
  ['payload not base64url', () => ({ envelope: set({ payload: 'e30=' }) }), 'malformed'],
  ['payload altered', () => ({ envelope: alter('payload') }), 'signer'],
  ['signatures empty', () => ({ envelope: set({ signatures: [] }) }), 'signer'],
  ['signatures an object', () => ({ envelope: set({ signatures: {} }) }), 'malformed'],
  ['signatures of texts', () => ({ envelope: set({ signatures: ['x'] }) }), 'malformed'],
  [
    'two signatures',
    () => ({
      envelope: (jws) => {
        const list = jws['signatures'] as Json[];
        return { ...jws, signatures: [...list, ...list] };
      },
    }),
    'signer',
  ],
  ['no signature at all', () => ({ envelope: set({ signatures: undefined }) }), 'malformed'],
  ['signature missing', () => ({ envelope: entry(set({ signature: undefined })) }), 'malformed'],
  ['signature empty', () => ({ envelope: entry(set({ signature: '' })) }), 'signer'],
  ['signature of zeros', () => ({ envelope: entry(set({ signature: 'A'.repeat(86) })) }), 'signer'],
  [
    'signature of 63 bytes',
    () => ({ envelope: entry(set({ signature: 'A'.repeat(84) })) }),
    'signer',
  ],
  ['signature altered', () => ({ envelope: entry(alter('signature')) }), 'signer'],
  ['protected missing', () => ({ envelope: entry(set({ protected: undefined })) }), 'malformed'],
  ['protected not JSON', () => ({ envelope: entry(set({ protected: 'bm8' })) }), 'malformed'],
  ['unprotected a text', () => ({ envelope: entry(set({ header: 'kid' })) }), 'malformed'],
  ['alg none', () => ({ header: set({ alg: 'none' }) }), 'alg'],
  [
    'alg none without signature',
    () => ({
      header: set({ alg: 'none' }),
      envelope: entry(set({ signature: '' })),
    }),
    'alg',
  ],
  ['alg HS256', () => ({ header: set({ alg: 'HS256' }) }), 'alg'],
  ['alg RS256', () => ({ header: set({ alg: 'RS256' }) }), 'alg'],
  ['alg missing', () => ({ header: set({ alg: undefined }) }), 'alg'],
  [
    'alg outside the signature',
    ({ alice }) => ({
      header: set({ alg: undefined }),
      unprotected: set({ alg: 'EdDSA', kid: alice.signing.kid }),
    }),
    'alg',
  ],
  ['crit b64', () => ({ header: set({ crit: ['b64'], b64: false }) }), 'alg'],
  ['crit outside the signature', () => ({ unprotected: set({ crit: ['exp'] }) }), 'alg'],
  [
    'typ of an encrypted message',
    () => ({ header: set({ typ: 'application/didcomm-encrypted+json' }) }),
    'typ',
  ],
  ['typ JWT', () => ({ header: set({ typ: 'JWT' }) }), 'typ'],
  ['kid twice', ({ alice }) => ({ header: set({ kid: alice.signing.kid }) }), 'header'],
  ['kid missing', kid(() => undefined), 'signer'],
  ['kid a number', kid(() => 1), 'signer'],
  ['kid relative', kid(() => '#key-2'), 'signer'],
  ['kid without fragment', kid(({ alice }) => alice.did), 'signer'],
  ['kid of the agreement key', kid(({ alice }) => alice.agreement.kid), 'signer'],
  ['kid that the DID lacks', kid(({ alice }) => `${alice.did}#key-9`), 'signer'],
  ['kid of somebody else', kid(({ mallory }) => mallory.signing.kid), 'signer'],
  ['kid on the web', kid(() => 'did:web:alice.example#key-1'), 'did'],
  ['kid of a broken DID', kid(() => 'did:peer:2.Vz6Mkbroken#key-1'), 'did'],
  [
    'signed by Mallory with the kid of Alice',
    ({ alice, mallory }) => ({
      by: { kid: alice.signing.kid, privateKey: mallory.signing.privateKey },
    }),
    'signer',
  ],
];

const around = ['', 'n', 'a', 'na'];

export const signatureForgeries: readonly Forgery[] = [
  ...around.flatMap((outer) =>
    faults.map(([name, edits, expected]) => ({
      name: `${nestingName(`${outer}s`)}: ${name}`,
      expected,
      pack: async (cast: Cast) => wrap(cast, outer, await signed(cast, honest(cast), edits(cast))),
    })),
  ),
  {
    name: 'a flattened JWS with its signature altered',
    expected: 'signer',
    pack: (cast) =>
      signed(cast, honest(cast), {
        envelope: (jws) => {
          const [only] = jws['signatures'] as Json[];
          return {
            payload: jws['payload'],
            ...only,
            signature: altered(String(only?.['signature'])),
          };
        },
      }),
  },
  {
    name: 'a JWS without payload',
    expected: 'malformed',
    pack: (cast) => signed(cast, honest(cast), { envelope: set({ payload: undefined }) }),
  },
  {
    name: 'a JWS around text',
    expected: 'malformed',
    pack: (cast) => signed(cast, 'Hello Bob'),
  },
];

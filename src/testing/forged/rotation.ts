import { forgeFromPrior, set, type Json } from '../forge.ts';
import { honest, nestingName, wrap, type Cast, type Forgery } from './cast.ts';

type Order = Parameters<typeof forgeFromPrior>[0];
type Edits = Partial<Omit<Order, 'claims'>> & { readonly claims?: Json };

/** Alice's honest JWT from her prior DID to the one of today. */
export const rotationJwt = (cast: Cast, { claims = {}, ...edits }: Edits = {}): Promise<string> =>
  forgeFromPrior({
    by: cast.aliceBefore.signing,
    claims: set(claims)({
      iss: cast.aliceBefore.did,
      sub: cast.alice.did,
      iat: cast.nowSeconds - 60,
    }) as Json,
    ...edits,
  });

const parts = (edit: (parts: readonly string[]) => readonly string[]): Edits => ({
  jwt: (jwt) => edit(jwt.split('.')).join('.'),
});
const kid = (value: unknown): Edits => ({ header: set({ kid: value }) });

const cases: readonly (readonly [
  string,
  (cast: Cast) => Edits,
  Forgery['expected'],
  libraryAccepts?: true,
])[] = [
  // R14
  ['empty', () => ({ jwt: () => '' }), 'fp-kid'],
  ['no JWT', () => ({ jwt: () => 'invalid' }), 'fp-kid'],
  ['without signature', () => parts(([head = '', body = '']) => [head, body]), 'fp-kid'],
  ['with an empty signature', () => parts(([head = '', body = '']) => [head, body, '']), 'fp-kid'],
  ['of four parts', () => parts((three) => [...three, 'AA']), 'fp-kid'],
  ['padded', () => ({ jwt: (jwt) => `${jwt}==` }), 'fp-kid'],
  ['with a header that is no JSON', () => parts(([, b = '', c = '']) => ['bm8', b, c]), 'fp-kid'],
  ['with a payload that is no JSON', () => parts(([a = '', , c = '']) => [a, 'bm8', c]), 'fp-kid'],
  ['with an altered payload', () => parts(([a = '', , c = '']) => [a, 'e30', c]), 'fp-kid'],
  ['alg none', () => ({ header: set({ alg: 'none' }) }), 'fp-kid'],
  ['alg HS256', () => ({ header: set({ alg: 'HS256' }) }), 'fp-kid'],
  ['alg missing', () => ({ header: set({ alg: undefined }) }), 'fp-kid'],
  ['typ of an envelope', () => ({ header: set({ typ: 'didcomm-signed+json' }) }), 'fp-kid'],
  ['crv P-256', () => ({ header: set({ crv: 'P-256' }) }), 'fp-kid'],
  ['crit', () => ({ header: set({ crit: ['exp'] }) }), 'fp-kid'],
  ['kid missing', () => kid(undefined), 'fp-kid'],
  ['kid relative', () => kid('#key-2'), 'fp-kid'],
  ['kid of the agreement key', ({ aliceBefore }) => kid(aliceBefore.agreement.kid), 'fp-kid'],
  ['kid that the DID lacks', ({ aliceBefore }) => kid(`${aliceBefore.did}#key-9`), 'fp-kid'],
  [
    'signed by Mallory with a kid of her own',
    ({ mallory }) => ({ by: mallory.signing }),
    'fp-kid',
    true,
  ],
  ['signed by the new DID', ({ alice }) => ({ by: alice.signing }), 'fp-kid', true],
  [
    'signed by Mallory with the kid of Alice',
    ({ aliceBefore, mallory }) => ({
      by: { kid: aliceBefore.signing.kid, privateKey: mallory.signing.privateKey },
    }),
    'fp-kid',
  ],
  ['iss missing', () => ({ claims: { iss: undefined } }), 'fp-kid'],
  ['iss no DID', () => ({ claims: { iss: 'alice' } }), 'fp-kid'],
  ['iss a key', ({ aliceBefore }) => ({ claims: { iss: aliceBefore.signing.kid } }), 'fp-kid'],
  [
    'iss of a DID that does not resolve',
    () => ({ claims: { iss: 'did:web:alice.example' }, ...kid('did:web:alice.example#key-1') }),
    'did',
  ],
  // R15
  ['sub somebody else', ({ mallory }) => ({ claims: { sub: mallory.did } }), 'fp-sub', true],
  ['sub the recipient', ({ bob }) => ({ claims: { sub: bob.did } }), 'fp-sub'],
  ['sub no DID', () => ({ claims: { sub: 'alice' } }), 'fp-sub'],
  ['sub null', () => ({ claims: { sub: null } }), 'fp-sub'],
  ['sub a key', ({ alice }) => ({ claims: { sub: alice.agreement.kid } }), 'fp-sub'],
  ['sub missing beside a from', () => ({ claims: { sub: undefined } }), 'fp-sub'],
  [
    'from the DID of today to itself',
    ({ alice }) => ({ by: alice.signing, claims: { iss: alice.did } }),
    'fp-sub',
  ],
  // R17
  ['expired', ({ nowSeconds }) => ({ claims: { exp: nowSeconds - 1 } }), 'fp-time', true],
  ['not yet valid', ({ nowSeconds }) => ({ claims: { nbf: nowSeconds + 601 } }), 'fp-time', true],
  ['from the future', ({ nowSeconds }) => ({ claims: { iat: nowSeconds + 601 } }), 'fp-time', true],
  ['iat missing', () => ({ claims: { iat: undefined } }), 'fp-time'],
  ['iat a text', ({ nowSeconds }) => ({ claims: { iat: String(nowSeconds) } }), 'fp-time'],
  ['exp a text', () => ({ claims: { exp: 'never' } }), 'fp-time'],
  ['nbf null', () => ({ claims: { nbf: null } }), 'fp-time'],
];

/** A rotation of Alice that only her authcrypt could prove (R14: encrypted; R15: by the new DID). */
const unproved: readonly (readonly [string, Forgery['expected'], libraryAccepts?: true])[] = [
  ['n', 'fp-sub', true],
  ['ns', 'fp-sub'],
  ['s', 'fp-kid'],
];

const withRotation = async (cast: Cast, edits?: Edits): Promise<Json> => ({
  ...honest(cast),
  from_prior: await rotationJwt(cast, edits),
});

/** Alice's honest last message: from her prior DID, to nowhere (R20). */
export const endingBy = async (cast: Cast, edits: Edits = {}): Promise<Json> =>
  set({ from: undefined })(
    await withRotation(cast, { ...edits, claims: { sub: undefined, ...edits.claims } }),
  ) as Json;
/** Who leaves encrypts, if it does not hide, with the DID that it leaves. */
export const leaving = (cast: Cast): Cast => ({ ...cast, alice: cast.aliceBefore });

const endings: readonly (readonly [string, (cast: Cast) => Edits, Forgery['expected']])[] = [
  ['signed by Mallory', ({ mallory }) => ({ by: mallory.signing }), 'fp-kid'],
  ['with an altered payload', () => parts(([a = '', , c = '']) => [a, 'e30', c]), 'fp-kid'],
  [
    'of an unknown method',
    () => ({ claims: { iss: 'did:example:a' }, ...kid('did:example:a#1') }),
    'did',
  ],
  ['with a sub that is null', () => ({ claims: { sub: null } }), 'fp-sub'],
  ['with a sub that is empty', () => ({ claims: { sub: '' } }), 'fp-sub'],
  ['expired', ({ nowSeconds }) => ({ claims: { exp: nowSeconds - 1 } }), 'fp-time'],
  ['from the future', ({ nowSeconds }) => ({ claims: { iat: nowSeconds + 601 } }), 'fp-time'],
  ['iat missing', () => ({ claims: { iat: undefined } }), 'fp-time'],
];

export const rotationForgeries: readonly Forgery[] = [
  ...cases.map(([name, edits, expected, libraryAccepts]) => ({
    name: `authcrypt, from_prior ${name}`,
    expected,
    pack: async (cast: Cast) => wrap(cast, 'a', await withRotation(cast, edits(cast))),
    ...(libraryAccepts ? { libraryAccepts } : {}),
  })),
  ...unproved.map(([nesting, expected, libraryAccepts]) => ({
    name: `${nestingName(nesting)}: a rotation`,
    expected,
    pack: async (cast: Cast) => wrap(cast, nesting, await withRotation(cast)),
    ...(libraryAccepts ? { libraryAccepts } : {}),
  })),
  ...(['n', 'a'] as const).flatMap((nesting) =>
    endings.map(([name, edits, expected]): Forgery => ({
      name: `${nestingName(nesting)}: the end of a relationship, ${name}`,
      expected,
      pack: async (cast) => wrap(leaving(cast), nesting, await endingBy(cast, edits(cast))),
    })),
  ),
  ...(
    [
      ['s', 'signer'],
      ['ns', 'signer'],
    ] as const
  ).map(([nesting, expected]): Forgery => ({
    name: `${nestingName(nesting)}: the end of a relationship`,
    expected,
    pack: async (cast) => wrap(leaving(cast), nesting, await endingBy(cast)),
  })),
  {
    name: 'authcrypt by Mallory: the end that Alice declared',
    expected: 'fp-sub',
    pack: async (cast) => wrap({ ...cast, alice: cast.mallory }, 'a', await endingBy(cast)),
  },
  {
    name: 'authcrypt: the end of a relationship, with a from',
    expected: 'fp-sub',
    pack: async (cast) =>
      wrap(leaving(cast), 'a', { ...(await endingBy(cast)), from: cast.aliceBefore.did }),
  },
  {
    name: 'authcrypt: a rotation without from',
    expected: 'no-from',
    pack: async (cast) => wrap(cast, 'a', set({ from: undefined })(await withRotation(cast))),
  },
  {
    name: 'authcrypt by Mallory with the rotation of Alice',
    expected: 'fp-sub',
    pack: async (cast) =>
      wrap({ ...cast, alice: cast.mallory }, 'a', {
        ...honest({ ...cast, alice: cast.mallory }),
        from_prior: await rotationJwt(cast),
      }),
    libraryAccepts: true,
  },
];

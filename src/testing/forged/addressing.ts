import { set } from '../forge.ts';
import {
  anoncrypt,
  authcrypt,
  honest,
  nestingName,
  signed,
  wrap,
  type Cast,
  type Forgery,
} from './cast.ts';

type Case = readonly [string, (cast: Cast) => unknown];

/** Sends a plaintext of Alice with one header changed, in honest layers. */
const claims = (
  header: 'from' | 'to',
  nestings: readonly string[],
  cases: readonly Case[],
  expected: Forgery['expected'],
): readonly Forgery[] =>
  nestings.flatMap((nesting) =>
    cases.map(([name, value]) => ({
      name: `${nestingName(nesting)}: ${header} ${name}`,
      expected,
      pack: (cast: Cast) => wrap(cast, nesting, set({ [header]: value(cast) })(honest(cast))),
      ...(libraryTakes.has(`${nesting} ${header} ${name}`)
        ? { libraryAccepts: true as const }
        : {}),
    })),
  );

const strangers: readonly Case[] = [
  ['somebody else', ({ mallory }) => mallory.did],
  ['the recipient', ({ bob }) => bob.did],
  ['empty', () => ''],
  ['no DID', () => 'alice'],
  ['the DID with a fragment', ({ alice }) => `${alice.did}#key-1`],
  ['the DID of somebody else with a query', ({ mallory }) => `${mallory.did}?x=1`],
  ['the DID in lower case', ({ alice }) => alice.did.toLowerCase()],
  ['the DID and a blank', ({ alice }) => `${alice.did} `],
];
const absent: readonly Case[] = [
  ['absent', () => undefined],
  ['null', () => null],
];
const notToMe: readonly Case[] = [
  ['somebody else', ({ mallory }) => [mallory.did]],
  ['the sender', ({ alice }) => [alice.did]],
  ['another DID of the wallet', ({ bobElsewhere }) => [bobElsewhere.did]],
  ['nobody', () => []],
  ['a relative key', () => ['#key-1']],
  ['the DID cut short', ({ bob }) => [bob.did.slice(0, -1)]],
];

/** What the reference takes for good, by nesting, header and case. */
const libraryTakes: ReadonlySet<string> = new Set([
  'a from somebody else',
  'na from somebody else',
  's from somebody else',
  'ns from somebody else',
  'a from absent',
  'a to somebody else',
  'n to somebody else',
  'ns to absent',
  'ns to somebody else',
  'as to absent',
]);

/** authcrypt by one and signed by another (R8). */
const twoSenders = (
  name: string,
  roles: (cast: Cast) => { by: Cast['alice']; from: Cast['alice']; claim: string },
): readonly Forgery[] =>
  [false, true].map((hidden) => ({
    name: `${nestingName(hidden ? 'nas' : 'as')}: ${name}`,
    expected: 'two-senders',
    libraryAccepts: true,
    pack: async (cast: Cast) => {
      const { by, from, claim } = roles(cast);
      const inner = await signed(cast, { ...honest(cast), from: claim }, { by: by.signing });
      const outer = await authcrypt(cast, inner, { from: from.agreement });
      return hidden ? anoncrypt(cast, outer) : outer;
    },
  }));

export const addressingForgeries: readonly Forgery[] = [
  ...claims('from', ['a', 'na', 'as', 'nas'], strangers, 'from-skid'), // R2
  ...claims('from', ['a', 'na', 'as', 'nas'], absent, 'no-from'), // R3
  ...claims('to', ['n', 'a', 'na'], notToMe, 'to'), // R5
  ...claims('from', ['s', 'ns'], [...strangers, ...absent], 'signer'), // R6
  ...claims('to', ['ns', 'as', 'nas'], [...notToMe, ...absent], 'surreptitious'), // R7
  ...twoSenders('Mallory passes on what Alice signed', ({ alice, mallory }) => ({
    by: alice,
    from: mallory,
    claim: alice.did,
  })),
  ...twoSenders('Mallory passes it on as her own', ({ alice, mallory }) => ({
    by: alice,
    from: mallory,
    claim: mallory.did,
  })),
  ...twoSenders('Mallory signed what Alice sent', ({ alice, mallory }) => ({
    by: mallory,
    from: alice,
    claim: alice.did,
  })),
  {
    name: 'authcrypt by Mallory who says she is Alice',
    expected: 'from-skid',
    libraryAccepts: true,
    pack: (cast) => authcrypt(cast, honest(cast), { from: cast.mallory.agreement }),
  },
  {
    name: 'signed by Mallory who says she is Alice',
    expected: 'signer',
    libraryAccepts: true,
    pack: (cast) => signed(cast, honest(cast), { by: cast.mallory.signing }),
  },
];

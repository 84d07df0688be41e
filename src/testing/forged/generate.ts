import fc from 'fast-check';
import type { Did, KeyId } from '../../did/did.ts';
import { createPeer4 } from '../../did/peer4-create.ts';
import type { OwnKey } from '../../didcomm/engine.ts';
import type { Inbound } from '../../didcomm/trust-gate.ts';
import { fromUtf8, utf8 } from '../../lib/bytes.ts';
import { forgeFromPrior, forgeJwe, forgeJws, set, type Json } from '../forge.ts';
import { newPeer, type Peer } from '../peer.ts';
import { honest, wrap, type Cast } from './cast.ts';
import { mutate, mutation, type Mutation } from './mutate.ts';
import { endingBy, leaving, rotationJwt } from './rotation.ts';

// Generated attacks of Mallory, who has keys of her own, sees every envelope that Alice ever sent to Bob, and
// got letters from Alice herself. Whatever the gate takes is held against what was really written.

export interface Stage {
  readonly cast: Cast;
  /** Honest envelopes of Alice for Bob. */
  readonly captured: readonly string[];
  /** Envelopes inside what Alice sent to Mallory, as Mallory unpacked them: signed by Alice. */
  readonly signedForMallory: readonly string[];
  /** Rotations and endings that Alice signed. */
  readonly priors: { readonly rotation: string; readonly ending: string };
  /** What each of Alice's DIDs wrote for Bob, as text; and what it signed for anybody. */
  readonly written: ReadonlyMap<Did, ReadonlySet<string>>;
  readonly signed: ReadonlySet<string>;
  readonly malloryNext: Peer;
  /** All DIDs whose keys Mallory has. */
  readonly mallorys: ReadonlySet<Did>;
}

const NESTINGS = ['n', 'a', 's', 'ns', 'as', 'na', 'nas'];

export async function newStage(cast: Cast): Promise<Stage> {
  const { alice, aliceBefore, bob, mallory } = cast;
  const rotation = await rotationJwt(cast);
  const ending = await endingBy(cast);
  const letters: readonly Json[] = [
    honest(cast),
    { ...honest(cast), from_prior: rotation },
    {
      ...honest(cast),
      attachments: [{ id: '1', data: { json: { n: 1 } } }],
      thid: 't',
      pthid: 'p',
    },
  ];
  const toMallory = { ...honest(cast), to: [mallory.did], body: { content: 'Hello Mallory' } };
  const toBoth = { ...honest(cast), to: [mallory.did, bob.did], body: { content: 'Hello both' } };
  const captured = await Promise.all([
    ...NESTINGS.flatMap((nesting) => letters.map((letter) => wrap(cast, nesting, letter))),
    ...['n', 'a', 'na'].map((nesting) => wrap(leaving(cast), nesting, ending)),
  ]);
  const malloryNext = await newPeer();
  const peer4 = await createPeer4({
    agreement: mallory.agreement.publicBytes,
    signing: mallory.signing.publicBytes,
    services: [],
  });
  const byKey = (peer: Peer): Did[] =>
    [...peer.document.keyAgreement, ...peer.document.authentication].map(
      ({ multibase }): Did => `did:key:${multibase}`,
    );
  const texts = letters.map((letter) => JSON.stringify(letter));
  return {
    cast,
    captured,
    signedForMallory: await Promise.all(
      [toMallory, toBoth].map((letter) => wrap(cast, 's', letter)),
    ),
    priors: { rotation, ending: String(ending['from_prior']) },
    written: new Map([
      [alice.did, new Set([...texts, JSON.stringify(toBoth)])],
      [aliceBefore.did, new Set([JSON.stringify(ending)])],
    ]),
    signed: new Set([...texts, JSON.stringify(toMallory), JSON.stringify(toBoth)]),
    malloryNext,
    mallorys: new Set([
      mallory.did,
      malloryNext.did,
      peer4.long,
      ...byKey(mallory),
      ...byKey(malloryNext),
    ]),
  };
}

type Who = 'alice' | 'aliceBefore' | 'bob' | 'bobElsewhere' | 'mallory' | 'malloryNext';
const everybody: readonly Who[] = [
  'alice',
  'aliceBefore',
  'bob',
  'bobElsewhere',
  'mallory',
  'malloryNext',
];
const who = fc.constantFrom(...everybody);
const peerOf = (stage: Stage, name: Who): Peer =>
  name === 'malloryNext' ? stage.malloryNext : stage.cast[name];

/** One envelope around what is there. Keys are always Mallory's; names are whose she likes. */
type Layer = Readonly<{
  kind: 'n' | 'a' | 's';
  claims: Who;
  to: Who;
  /** How the kid is written. */
  kid: 'own' | 'multibase' | 'first-8' | 'did-key' | 'relative' | 'bare';
  enc: 'A256CBC-HS512' | 'A256GCM' | 'XC20P';
  header: Json;
}>;

interface Recipe {
  readonly core: 'plaintext' | 'captured' | 'signed-for-mallory';
  readonly pick: number;
  readonly plaintext: Json;
  readonly from: Who | 'absent' | 'empty';
  readonly recipients: readonly Who[] | 'absent';
  readonly prior:
    | 'absent'
    | 'rotation'
    | 'ending'
    | Readonly<{ iss: Who; sub: Who | 'absent'; kid: Who; iat: number }>;
  readonly inner: readonly Mutation[];
  readonly layers: readonly Layer[];
  readonly outer: readonly Mutation[];
}

/** Mostly one thing at a time, as a refusal must not be owed to the noise beside it. */
const rarely = <T>(value: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<readonly T[]> =>
  fc.oneof(
    { weight: 7, arbitrary: fc.constant<readonly T[]>([]) },
    { weight: 1, arbitrary: fc.array(value, { minLength: 1, maxLength }) },
  );

const header: fc.Arbitrary<Json> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom(
        'typ',
        'alg',
        'enc',
        'apu',
        'apv',
        'skid',
        'kid',
        'epk',
        'crit',
        'zip',
        'b64',
      ),
      fc.oneof(
        fc.jsonValue({ maxDepth: 1 }),
        fc.constantFrom('ECDH-1PU+A256KW', 'ECDH-ES+A256KW', 'EdDSA', 'none', 'A256GCM', 'XC20P'),
      ),
      { minKeys: 1, maxKeys: 2 },
    ),
  },
);

const layer: fc.Arbitrary<Layer> = fc.record({
  kind: fc.constantFrom('n', 'a', 's'),
  claims: fc.oneof(fc.constantFrom<Who>('mallory', 'alice'), who),
  to: fc.oneof({ weight: 5, arbitrary: fc.constant<Who>('bob') }, { weight: 1, arbitrary: who }),
  kid: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Layer['kid']>('own') },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Layer['kid'][]>(
        ...(['multibase', 'first-8', 'did-key', 'relative', 'bare'] as const),
      ),
    },
  ),
  enc: fc.constantFrom('A256CBC-HS512', 'A256CBC-HS512', 'A256GCM', 'XC20P'),
  header,
});

const plaintext: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom(
        ...[
          'id',
          'type',
          'typ',
          'from',
          'to',
          'thid',
          'pthid',
          'body',
          'attachments',
          'from_prior',
        ],
        ...['created_time', 'expires_time', 'please_ack', 'ack', 'lang', '__proto__', 'ciphertext'],
      ),
      fc.jsonValue({ maxDepth: 3 }),
      { minKeys: 1, maxKeys: 3 },
    ),
  },
);

const recipe: fc.Arbitrary<Recipe> = fc.record({
  core: fc.constantFrom('plaintext', 'plaintext', 'captured', 'signed-for-mallory'),
  pick: fc.nat(),
  plaintext,
  from: fc.oneof(fc.constantFrom('alice', 'mallory', 'absent', 'empty'), who),
  recipients: fc.oneof(
    { weight: 4, arbitrary: fc.constant<readonly Who[]>(['bob']) },
    { weight: 1, arbitrary: fc.array(who, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant('absent' as const) },
  ),
  prior: fc.oneof(
    { weight: 4, arbitrary: fc.constant('absent' as const) },
    { weight: 1, arbitrary: fc.constantFrom('rotation', 'ending') },
    {
      weight: 3,
      arbitrary: fc.record({
        iss: who,
        sub: fc.oneof(who, fc.constant('absent' as const)),
        kid: who,
        iat: fc.constantFrom(-60, 0, 599, 601, -1e9),
      }),
    },
  ),
  inner: rarely(mutation, 1),
  layers: fc.oneof(
    { weight: 18, arbitrary: fc.array(layer, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.array(layer, { minLength: 3, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  outer: rarely(mutation, 2),
});

/** An envelope of Alice, bent on its way. */
const bent: fc.Arbitrary<Recipe> = fc
  .record({ pick: fc.nat(), outer: fc.array(mutation, { minLength: 1, maxLength: 3 }) })
  .map(({ pick, outer }) => ({
    core: 'captured',
    pick,
    plaintext: {},
    from: 'absent',
    recipients: 'absent',
    prior: 'absent',
    inner: [],
    layers: [],
    outer,
  }));

/** Made of data alone, so that a failure can be made smaller and seen again by its seed. */
export const attack: fc.Arbitrary<Recipe> = fc.oneof(bent, recipe, recipe);

export async function make(stage: Stage, attacked: Recipe): Promise<string> {
  const { captured, signedForMallory } = stage;
  const donors = [...captured, ...signedForMallory];
  const apply = (packed: string, mutations: readonly Mutation[]): string =>
    mutations.reduce((text, one) => mutate(text, one, donors), packed);
  let packed = apply(await coreOf(stage, attacked), attacked.inner);
  for (const one of attacked.layers.toReversed()) packed = await wrapped(stage, one, packed);
  return apply(packed, attacked.outer);
}

async function coreOf(stage: Stage, attacked: Recipe): Promise<string> {
  const { core, pick, from, recipients, prior } = attacked;
  const { captured, signedForMallory, cast } = stage;
  const pickFrom = (list: readonly string[]): string => list[pick % list.length] ?? '';
  if (core === 'captured') return pickFrom(captured);
  if (core === 'signed-for-mallory') return pickFrom(signedForMallory);
  const members = set({
    from: from === 'absent' ? undefined : from === 'empty' ? '' : peerOf(stage, from).did,
    to: recipients === 'absent' ? undefined : recipients.map((name) => peerOf(stage, name).did),
    body: { content: 'Send me money' },
    from_prior: prior === 'absent' ? undefined : await priorOf(stage, prior),
  })(honest(cast));
  return JSON.stringify({ ...(members as Json), ...attacked.plaintext });
}

async function priorOf(stage: Stage, prior: Exclude<Recipe['prior'], 'absent'>): Promise<string> {
  if (typeof prior === 'string') return stage.priors[prior];
  const { iss, sub, kid, iat } = prior;
  return forgeFromPrior({
    by: { kid: peerOf(stage, kid).signing.kid, privateKey: malloryKeys(stage, kid).signing },
    claims: {
      iss: peerOf(stage, iss).did,
      ...(sub === 'absent' ? {} : { sub: peerOf(stage, sub).did }),
      iat: stage.cast.nowSeconds + iat,
    },
  });
}

/** The private keys that Mallory has for a name: her own, whatever the name. */
function malloryKeys(
  { cast, malloryNext }: Stage,
  name: Who,
): { readonly agreement: CryptoKey; readonly signing: CryptoKey } {
  const { agreement, signing } = name === 'malloryNext' ? malloryNext : cast.mallory;
  return { agreement: agreement.privateKey, signing: signing.privateKey };
}

async function wrapped(stage: Stage, made: Layer, content: string): Promise<string> {
  const header = set(made.header);
  const claimed = peerOf(stage, made.claims);
  const keys = malloryKeys(stage, made.claims);
  if (made.kind === 's') {
    const by: OwnKey = { kid: kidOf(claimed, 'signing', made.kid), privateKey: keys.signing };
    return forgeJws({ content, by, header });
  }
  const to = [{ ...peerOf(stage, made.to).agreement, kid: peerOf(stage, made.to).agreement.kid }];
  if (made.kind === 'n') return forgeJwe({ content, to, enc: made.enc, header });
  const from: OwnKey = { kid: kidOf(claimed, 'agreement', made.kid), privateKey: keys.agreement };
  return forgeJwe({ content, to, from, header });
}

function kidOf(peer: Peer, use: 'agreement' | 'signing', form: Layer['kid']): KeyId {
  const { keyAgreement, authentication } = peer.document;
  const [key] = use === 'agreement' ? keyAgreement : authentication;
  const multibase = key?.multibase ?? '';
  const kids: Readonly<Record<Layer['kid'], string>> = {
    own: peer[use].kid,
    multibase: `${peer.did}#${multibase}`,
    'first-8': `${peer.did}#${multibase.slice(1, 9)}`,
    'did-key': `did:key:${multibase}#${multibase}`,
    relative: `#key-${use === 'agreement' ? 1 : 2}`,
    bare: peer.did,
  };
  return kids[form] as KeyId;
}

/** Why an envelope that the gate took does no harm; undefined: it does. */
export type Benign =
  'from nobody' | 'from Mallory herself' | 'what Alice wrote' | 'an end declared by its owner';

export function judgeTaken(stage: Stage, inbound: Inbound): Benign | undefined {
  const { sender, encryption, recipientDid, rotation, ending, plaintextBytes } = inbound;
  const { cast, mallorys, written, signed } = stage;
  const { bob, bobElsewhere } = cast;
  const text = fromUtf8(plaintextBytes) ?? '';
  const isForBob = recipientDid === bob.did || recipientDid === bobElsewhere.did;
  if (encryption === 'none' ? recipientDid !== undefined : !isForBob) return undefined;
  if (ending) {
    if (mallorys.has(ending.priorDid)) return 'from Mallory herself';
    // Its JWT names nobody whom it is for: whoever sees it can pass it on (R20).
    return ending.priorDid === cast.aliceBefore.did && text.includes(stage.priors.ending)
      ? 'an end declared by its owner'
      : undefined;
  }
  if (sender === undefined) return rotation ? undefined : 'from nobody';
  if (mallorys.has(sender)) {
    const isHers = rotation === undefined || mallorys.has(rotation.priorDid);
    return isHers ? 'from Mallory herself' : undefined;
  }
  const isWritten = (encryption === 'none' ? signed : written.get(sender))?.has(text) === true;
  return isWritten && sameBytes(text, plaintextBytes) ? 'what Alice wrote' : undefined;
}

const sameBytes = (text: string, bytes: Uint8Array): boolean => {
  const again = utf8(text);
  return again.length === bytes.length && again.every((byte, index) => byte === bytes[index]);
};

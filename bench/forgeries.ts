/**
 * node bench/forgeries.ts [folder]: writes docs/forgeries.md, what Parley and other npm libraries say to
 * the same forged and malformed envelopes. The folder is one where @veramo/core, @veramo/did-comm and
 * @veramo/did-resolver were installed; without it that library is left out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { format, resolveConfig } from 'prettier';
import { resolveDid } from '../src/did/resolve.ts';
import type { GateReason } from '../src/didcomm/gate-reason.ts';
import { nativeEngine } from '../src/didcomm/native-engine.ts';
import { openEnvelope } from '../src/didcomm/trust-gate.ts';
import { forgeries } from '../src/testing/forged/all.ts';
import { honest, nestingName, newCast, wrap, type Cast } from '../src/testing/forged/cast.ts';
import { endingBy, rotationJwt } from '../src/testing/forged/rotation.ts';
import { set, type Json } from '../src/testing/forge.ts';
import { jointSecrets } from '../src/testing/peer.ts';
import { reference } from '../src/testing/reference.ts';
import { veramo } from './forgeries-veramo.ts';
import ours from '../package.json' with { type: 'json' };

type Reason = GateReason | 'not-for-us';
type Owner = 'specification' | 'policy';

/** Classes by what Parley answers; the rest of the reasons needs a wallet's memory. */
const CLASSES: readonly (readonly [Reason, string, Owner])[] = [
  ['plaintext', 'plaintext that nobody encrypted (R1)', 'policy'],
  [
    'from-skid',
    '`from` is not whom the encryption proves, or the proof leads nowhere (R2)',
    'specification',
  ],
  ['no-from', 'authenticated encryption without `from` (R3)', 'specification'],
  ['to', '`to` names others only (R5)', 'specification'],
  ['signer', 'signature wrong, or of somebody else than `from` (R6)', 'specification'],
  ['surreptitious', 'signed for somebody else, encrypted anew (R7)', 'specification'],
  ['two-senders', 'signed by one, encrypted by another (R8)', 'specification'],
  ['nesting', 'layers in an order that means nothing (R9)', 'specification'],
  ['header', '`apu`, `apv`, `skid`, or a header twice (R10)', 'specification'],
  ['recipients', 'recipients of several DIDs, none, or too many (R11)', 'specification'],
  ['alg', 'algorithms, `crit`, `zip` (R12)', 'specification'],
  ['epk', 'ephemeral key missing, off its curve, or of low order (R13)', 'specification'],
  ['fp-kid', '`from_prior` that the prior DID did not sign (R14)', 'specification'],
  ['fp-sub', '`from_prior` for somebody else than the sender (R15)', 'specification'],
  ['fp-time', '`from_prior` expired, not yet valid, or of the future (R17)', 'specification'],
  ['id', 'ids and threads without form or measure (R21)', 'policy'],
  ['attachment', 'attachments without content, or links without hash (R31)', 'specification'],
  ['typ', 'media types that are others (R32)', 'specification'],
  ['did', 'DIDs that do not resolve by themselves (R38-R40)', 'policy'],
  ['malformed', 'broken JSON, base64 and members', 'specification'],
  ['decrypt', 'altered, exchanged or wrongly wrapped content', 'specification'],
  ['too-large', 'over 1 MiB', 'policy'],
  ['too-deep', 'over 64 levels', 'policy'],
  ['attachments', 'over 20 attachments', 'policy'],
  ['not-for-us', 'for somebody else', 'specification'],
];

interface Library {
  readonly title: string;
  readonly version: string;
  /** Who plays, in the dialect that the library reads. */
  readonly cast: Cast;
  /** Whether the library gives a message out. */
  readonly takes: (packed: string) => Promise<boolean>;
}

const now = Date.now();
const cast = await newCast(now);
const { alice, bob, mallory, bobElsewhere, aliceBefore } = cast;
const everybody = [alice, bob, mallory, bobElsewhere, aliceBefore];
const versionOf = (folder: string, name: string): string =>
  (
    JSON.parse(
      readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8'),
    ) as Json
  )['version'] as string;
/** A message has a type; what is only unpacked by half has none. */
const isMessage = (value: unknown): boolean =>
  typeof (value as Json | undefined)?.['type'] === 'string';
const unlessRefused = (taken: Promise<unknown>): Promise<boolean> =>
  taken.then(isMessage, () => false);

const secrets = jointSecrets(bob, bobElsewhere);
const rust = reference(...everybody);
const libraries: Library[] = [
  {
    title: 'Parley',
    version: ours.version,
    cast,
    takes: async (packed) => {
      const ports = { engine: nativeEngine, secrets, resolve: resolveDid, now };
      return (await openEnvelope(packed, ports)).kind === 'ok';
    },
  },
  {
    title: '`didcomm-node`',
    version: versionOf('.', 'didcomm-node'),
    cast,
    takes: (packed) => unlessRefused(rust.unpack(packed).then(({ plaintext }) => plaintext)),
  },
];
const [folder] = process.argv.slice(2);
if (folder !== undefined) {
  const unpack = await veramo(folder, everybody, [bob, bobElsewhere]);
  libraries.push({
    title: '`@veramo/did-comm`',
    version: versionOf(folder, '@veramo/did-comm'),
    cast: { ...cast, olderDraft: true },
    takes: (packed) =>
      unlessRefused(unpack(packed).then((unpacked) => (unpacked as Json)['message'])),
  });
}

/** What honest peers send: a library that opens none of it refuses nothing by choice. */
const legal: readonly (readonly [string, (cast: Cast) => Promise<string>])[] = [
  ...['n', 'a', 's', 'ns', 'as', 'na', 'nas'].map(
    (nesting) => [nestingName(nesting), (of: Cast) => wrap(of, nesting, honest(of))] as const,
  ),
  ['authcrypt without body', (of) => wrap(of, 'a', set({ body: undefined })(honest(of)))],
  [
    'authcrypt, `typ` without prefix',
    (of) => wrap(of, 'a', set({ typ: 'didcomm-plain+json' })(honest(of))),
  ],
  [
    'authcrypt with a rotation',
    async (of) => wrap(of, 'a', { ...honest(of), from_prior: await rotationJwt(of) }),
  ],
  ['anoncrypt with the end of a relationship', async (of) => wrap(of, 'n', await endingBy(of))],
];

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const heads = libraries.map(({ title, version }) => `${title} ${version}`);

const legalRows = await Promise.all(
  legal.map(async ([name, pack]) => {
    const taken = await Promise.all(
      libraries.map(async ({ cast: of, takes }) =>
        (await takes(await pack(of))) ? 'yes' : '**no**',
      ),
    );
    return row(name, ...taken);
  }),
);

const counts = new Map<Reason, { sent: number; readonly taken: number[] }>();
for (const { expected, pack } of forgeries) {
  const count = counts.get(expected) ?? { sent: 0, taken: libraries.map(() => 0) };
  counts.set(expected, count);
  count.sent += 1;
  for (const [index, library] of libraries.entries())
    if (await library.takes(await pack(library.cast)))
      count.taken[index] = (count.taken[index] ?? 0) + 1;
}
const unknown = [...counts.keys()].filter((reason) => !CLASSES.some(([known]) => known === reason));
if (unknown.length > 0) throw new Error(`classes without a name: ${unknown.join()}`);

const forgedRows = CLASSES.flatMap(([reason, what, owner]) => {
  const count = counts.get(reason);
  return count ? [row(what, owner, count.sent, ...count.taken)] : [];
});
const totals = libraries.map((_, index) =>
  [...counts.values()].reduce((sum, { taken }) => sum + (taken[index] ?? 0), 0),
);

const text = `# What libraries say to forgeries

Written by \`node bench/forgeries.ts\` on ${new Date(now).toISOString().slice(0, 10)}; do not edit. The envelopes are those of \`src/testing/forged/\`: ${forgeries.length}, each with a name and the one answer that Parley must give, which \`src/didcomm/trust-gate.test.ts\` checks. All are made anew for each run, with fresh keys.

Each number says how many envelopes of a class a library **gives out as a message** where Parley refuses. That is not always a fault of the library: some leave a check to the program above, and give it what it needs for that in their metadata. It is what a program gets that calls \`unpack\` and believes the result. "Policy" marks classes where the specification asks for less than Parley does. Libraries were called through their public interface, with resolvers that know every DID in play.

## What honest peers send

${row('envelope', ...heads)}
${row('---', ...heads.map(() => '---'))}
${legalRows.join('\n')}

## Forged and malformed

${row('class', 'rule of', 'sent', ...heads.map((head) => `taken by ${head}`))}
${row('---', '---', '--:', ...heads.map(() => '--:'))}
${forgedRows.join('\n')}
${row('**all**', '', forgeries.length, ...totals)}

${NOTES()}
`;
const target = 'docs/forgeries.md';
writeFileSync(target, await format(text, { ...(await resolveConfig(target)), filepath: target }));
console.log(`${target}: ${forgeries.length} forgeries, taken: ${totals.join(', ')}`);

function NOTES(): string {
  return `## Notes

- **didcomm-node** is didcomm-rust compiled to WebAssembly, the code of npm \`didcomm\`. It knows who encrypted and who signed and says so in its metadata, but does not compare that with \`from\` and \`to\`. It cannot read the end of a relationship, a message without \`body\`, or a \`typ\` without its prefix, all of which the specification allows. On \`to\` the specification says both: in one place that a receiver should warn, in another that it must refuse; Parley refuses.
- **@veramo/did-comm** derives the key of authcrypt as draft 3 of ECDH-1PU does, without the tag; DIDComm v2 names draft 4. It does not open what others encrypt with authentication, nor they what it encrypts. So that its column says something, its authcrypt was made in its own dialect. It opens one layer: what is nested comes out packed, and is not counted as a message. Signatures must name their key in the protected header, unlike the examples of the specification, and are refused otherwise. It passes \`from_prior\` on unread. A program that believes the \`from\` of its result can be lied to by anybody. The envelope "of an older draft" among the altered ones is, in its dialect, an honest one.
- **@credo-ts/didcomm** 0.6.3 speaks DIDComm v1: its package holds no ECDH-1PU and no media type of version 2. **@hyperledger/identus-sdk** brings a build of didcomm-rust. Neither was run.
- Beside the named ones, ten thousand generated attacks run in each \`npm test\` (\`src/didcomm/attacks.test.ts\`): envelopes bent at any place, and those that an attacker with keys of its own makes. What the gate takes is held against what was really written.`;
}

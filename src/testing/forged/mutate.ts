import fc from 'fast-check';
import { fromAnyBase64, toBase64Url } from '../../lib/base64url.ts';
import { fromUtf8, utf8 } from '../../lib/bytes.ts';
import type { JsonValue } from '../../lib/json.ts';

// Structured mutation: an envelope is taken as the tree that it is, protected headers included, and one node
// of it is changed.

type Node = JsonValue | undefined;
export interface Mutation {
  /** Which node, counted over all of them. */
  readonly at: number;
  readonly change: Change;
}
type Change =
  | { readonly kind: 'delete' | 'repeat' | 'reverse' | 'nest' | 'pad' | 'text' }
  | { readonly kind: 'put'; readonly value: JsonValue }
  /** A character or a bit of a text. */
  | { readonly kind: 'flip'; readonly position: number; readonly to: string }
  | { readonly kind: 'cut'; readonly length: number }
  | { readonly kind: 'rename'; readonly to: string }
  /** The node at another place of another envelope. */
  | { readonly kind: 'transplant'; readonly donor: number; readonly from: number };

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NAMES = [
  'protected',
  'recipients',
  'header',
  'kid',
  'alg',
  'enc',
  'epk',
  'apu',
  'apv',
  'skid',
];
const MORE_NAMES = [
  'signatures',
  'signature',
  'payload',
  'ciphertext',
  'tag',
  'iv',
  'aad',
  'crit',
  'zip',
];

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  change: fc.oneof(
    fc.record({ kind: fc.constantFrom('delete', 'repeat', 'reverse', 'nest', 'pad', 'text') }),
    fc.record({
      kind: fc.constant('put'),
      value: fc.jsonValue({ maxDepth: 2 }),
    }),
    fc.record({
      kind: fc.constant('flip'),
      position: fc.nat(),
      to: fc.constantFrom(...Array.from(BASE64URL), '=', ' ', '\u0000', 'é'),
    }),
    fc.record({ kind: fc.constant('cut'), length: fc.nat(64) }),
    fc.record({ kind: fc.constant('rename'), to: fc.constantFrom(...NAMES, ...MORE_NAMES) }),
    fc.record({ kind: fc.constant('transplant'), donor: fc.nat(), from: fc.nat() }),
  ) as fc.Arbitrary<Change>,
});

/** @param donors envelopes from which a node may be taken */
export function mutate(
  packed: string,
  { at, change }: Mutation,
  donors: readonly string[],
): string {
  const tree = parsed(packed);
  if (tree === undefined) return packed;
  const nodes = count(tree);
  const transplanted =
    change.kind === 'transplant' ? donors[change.donor % donors.length] : undefined;
  const donor = parsed(transplanted ?? 'null');
  const value = change.kind === 'transplant' ? nodeAt(donor ?? null, change.from) : undefined;
  return printed(rebuild(tree, { left: at % nodes }, (node) => changed(node, change, value)));
}

function changed(node: JsonValue, change: Change, transplant: Node): Node | readonly Node[] {
  const text = typeof node === 'string' ? node : JSON.stringify(node);
  switch (change.kind) {
    case 'delete':
      return undefined;
    case 'repeat':
      return Array.isArray(node) ? [...node, ...node] : `${text}${text}`;
    case 'reverse':
      return Array.isArray(node) ? node.toReversed() : Array.from(text).reverse().join('');
    case 'nest':
      return [node];
    case 'pad':
      return `${text}=`;
    case 'text':
      return text;
    case 'put':
      return change.value;
    case 'flip': {
      const position = change.position % Math.max(1, text.length);
      return text.slice(0, position) + change.to + text.slice(position + 1);
    }
    case 'cut':
      return text.slice(0, Math.max(0, text.length - change.length));
    case 'rename':
      return { [change.to]: node };
    case 'transplant':
      return transplant;
  }
}

const isObject = (node: Node): node is { [member: string]: JsonValue } =>
  typeof node === 'object' && node !== null && !Array.isArray(node);
const children = (node: Node): readonly JsonValue[] =>
  Array.isArray(node) ? node : isObject(node) ? Object.values(node) : [];
const count = (node: Node): number =>
  children(node).reduce((sum: number, child) => sum + count(child), 1);

function nodeAt(node: JsonValue, index: number): Node {
  const all: JsonValue[] = [];
  const visit = (one: JsonValue): void => {
    all.push(one);
    for (const child of children(one)) visit(child);
  };
  visit(node);
  return all[index % all.length];
}

/** Depth first; `left` counts down to the node that is changed. */
function rebuild(
  node: JsonValue,
  counter: { left: number },
  change: (node: JsonValue) => Node | readonly Node[],
): Node {
  counter.left -= 1;
  if (counter.left === -1) return change(node) as Node;
  if (Array.isArray(node))
    return node.flatMap((child) => {
      const built = rebuild(child, counter, change);
      return built === undefined ? [] : [built];
    });
  if (!isObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([name, child]) => {
      const built = rebuild(child, counter, change);
      return built === undefined ? [] : [[name, built]];
    }),
  );
}

/** Stands before a protected header that was opened for mutation. */
const OPENED = 'protected header';

function parsed(packed: string): JsonValue | undefined {
  let tree: JsonValue;
  try {
    tree = JSON.parse(packed) as JsonValue;
  } catch {
    return undefined;
  }
  return each(tree, 'protected', (text) => {
    const bytes = typeof text === 'string' ? fromAnyBase64(text) : undefined;
    const header = bytes && fromUtf8(bytes);
    try {
      return header === undefined ? text : { [OPENED]: JSON.parse(header) as JsonValue };
    } catch {
      return text;
    }
  });
}

const printed = (tree: Node): string =>
  JSON.stringify(
    each(tree ?? null, 'protected', (header) =>
      isObject(header) && OPENED in header
        ? toBase64Url(utf8(JSON.stringify(header[OPENED])))
        : header,
    ),
  );

function each(node: JsonValue, member: string, change: (value: JsonValue) => JsonValue): JsonValue {
  if (Array.isArray(node)) return node.map((child) => each(child, member, change));
  if (!isObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, child]) => [
      name,
      name === member ? change(child) : each(child, member, change),
    ]),
  );
}

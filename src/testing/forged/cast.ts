import type { GateReason } from '../../didcomm/gate-reason.ts';
import { PLAIN_TYP } from '../../didcomm/plaintext.ts';
import { forgeJwe, forgeJws, type ForgedRecipient, type Json } from '../forge.ts';
import { newPeer, type Peer } from '../peer.ts';

/** Who plays in the forgeries: all envelopes reach Bob's wallet. */
export interface Cast {
  readonly alice: Peer;
  readonly bob: Peer;
  readonly mallory: Peer;
  /** Another DID of Bob's wallet. */
  readonly bobElsewhere: Peer;
  /** The DID that Alice has rotated away from. */
  readonly aliceBefore: Peer;
  readonly nowSeconds: number;
  /** Authcrypt as in draft 3 of ECDH-1PU, without the tag in its key: for libraries that read no other. */
  readonly olderDraft?: true;
}

export async function newCast(nowMs: number): Promise<Cast> {
  const [alice, bob, mallory, bobElsewhere, aliceBefore] = await Promise.all([
    newPeer(),
    newPeer(),
    newPeer(),
    newPeer(),
    newPeer(),
  ]);
  return { alice, bob, mallory, bobElsewhere, aliceBefore, nowSeconds: Math.floor(nowMs / 1000) };
}

/** One envelope that no honest program sends, and what the wallet must say to it. */
export interface Forgery {
  readonly name: string;
  readonly expected: GateReason | 'not-for-us';
  readonly pack: (cast: Cast) => string | Promise<string>;
  /** What the wallet keeps as its reason, where it can tell the person more. */
  readonly keptAs?: 'didcomm-v1';
  /** didcomm-rust 0.4.1 takes it for good. */
  readonly libraryAccepts?: true;
}

export const agreementOf = ({ agreement }: Peer): ForgedRecipient => agreement;

/** Alice's honest message to Bob. */
export const honest = ({ alice, bob, nowSeconds }: Cast): Json => ({
  id: '6f9d1c1e-8f0b-4c53-9d4e-6a8f4f1f2b10',
  typ: PLAIN_TYP,
  type: 'https://didcomm.org/basicmessage/2.0/message',
  from: alice.did,
  to: [bob.did],
  created_time: nowSeconds,
  body: { content: 'Hello Bob' },
});

type JweEdits = Partial<Omit<Parameters<typeof forgeJwe>[0], 'content'>>;
type JwsEdits = Partial<Omit<Parameters<typeof forgeJws>[0], 'content'>>;

/** One layer each: authcrypt by Alice for Bob, anoncrypt for Bob, signed by Alice. */
export const authcrypt = (cast: Cast, content: unknown, edits: JweEdits = {}): Promise<string> =>
  forgeJwe({
    content,
    to: [agreementOf(cast.bob)],
    from: cast.alice.agreement,
    withoutTag: cast.olderDraft === true,
    ...edits,
  });
export const anoncrypt = (cast: Cast, content: unknown, edits: JweEdits = {}): Promise<string> =>
  forgeJwe({ content, to: [agreementOf(cast.bob)], ...edits });
export const signed = (cast: Cast, content: unknown, edits: JwsEdits = {}): Promise<string> =>
  forgeJws({ content, by: cast.alice.signing, ...edits });

const LAYERS = { n: anoncrypt, a: authcrypt, s: signed };
/** Layers outermost first: n anoncrypt, a authcrypt, s signed. */
export type Nesting = string;

/** Wraps content in honest layers. */
export async function wrap(cast: Cast, nesting: Nesting, content: unknown): Promise<string> {
  let wrapped: unknown = content;
  for (const letter of Array.from(nesting).reverse())
    wrapped = await LAYERS[letter as keyof typeof LAYERS](cast, wrapped);
  return String(wrapped);
}

const WORDS = { n: 'anoncrypt', a: 'authcrypt', s: 'sign' };
/** `nas` -> `anoncrypt(authcrypt(sign))` */
export const nestingName = (nesting: Nesting): string =>
  Array.from(nesting, (letter) => WORDS[letter as keyof typeof WORDS]).join('(') +
  ')'.repeat(Math.max(0, nesting.length - 1));

import { agreementCurve, curveOf } from '../crypto/agreement.ts';
import type { DidDocument, PublicKey } from '../did/did.ts';
import { kidInForm, type OldKidForm } from '../did/key-alias.ts';
import { utf8 } from '../lib/bytes.ts';
import type { ContentEncryption, EnvelopeEngine, OwnKey } from './engine.ts';

type PlaintextObject = Readonly<Record<string, unknown>>;

export type Packed =
  | { readonly kind: 'ok'; readonly packed: string }
  /** The recipient has no key for agreement that we can use. */
  | { readonly kind: 'no-usable-key' };

/** One envelope from `sender` for all keys of `recipient`. */
export async function packAuthcrypt(
  engine: Pick<EnvelopeEngine, 'authcrypt'>,
  order: {
    readonly plaintext: PlaintextObject;
    readonly sender: OwnKey;
    readonly recipient: DidDocument;
    /** How the recipient writes its own kids, when that is an old form (rule I3). */
    readonly kidForm?: OldKidForm | undefined;
  },
): Promise<Packed> {
  const { kidForm } = order;
  const usable = await usableKeys(order.recipient, curveOf(order.sender.privateKey));
  if (usable.length === 0) return { kind: 'no-usable-key' };
  const keys = kidForm ? usable.map((key) => ({ ...key, kid: kidInForm(key, kidForm) })) : usable;
  const bytes = utf8(JSON.stringify(order.plaintext));
  return { kind: 'ok', packed: await engine.authcrypt(bytes, order.sender, keys) };
}

/** As above, without a sender; A256CBC-HS512 unless told otherwise. */
export async function packAnoncrypt(
  engine: Pick<EnvelopeEngine, 'anoncrypt'>,
  order: {
    readonly plaintext: PlaintextObject;
    readonly recipient: DidDocument;
    readonly enc?: ContentEncryption;
  },
): Promise<Packed> {
  const keys = await usableKeys(order.recipient);
  if (keys.length === 0) return { kind: 'no-usable-key' };
  const bytes = utf8(JSON.stringify(order.plaintext));
  return { kind: 'ok', packed: await engine.anoncrypt(bytes, keys, order.enc) };
}

/** The specification asks for X25519 and P-384, has P-521 as an option and calls P-256 deprecated. */
const PREFERENCE = ['X25519', 'P-384', 'P-521', 'P-256'];

/**
 * The keys of a DID that one envelope goes to: "encrypt to all keys of one type". A DID may hold points that
 * are unsafe on purpose (R13).
 * @param curve that of the sender's key; without a sender the best one that the recipient has
 */
export async function usableKeys(
  { keyAgreement }: DidDocument,
  curve?: unknown,
): Promise<readonly PublicKey[]> {
  for (const name of curve === undefined ? PREFERENCE : [curve]) {
    const keys = keyAgreement.filter((key) => key.curve === name);
    const points = keys.length > 0 ? await agreementCurve(name) : undefined;
    const safe = keys.filter((key) => points?.isSafe(key.publicBytes));
    if (safe.length > 0) return safe;
  }
  return [];
}

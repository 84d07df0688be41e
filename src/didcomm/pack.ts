import { agreementCurve } from '../crypto/agreement.ts';
import type { DidDocument, PublicKey } from '../did/did.ts';
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
  },
): Promise<Packed> {
  const keys = usableKeys(order.recipient);
  if (keys.length === 0) return { kind: 'no-usable-key' };
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
  const keys = usableKeys(order.recipient);
  if (keys.length === 0) return { kind: 'no-usable-key' };
  const bytes = utf8(JSON.stringify(order.plaintext));
  return { kind: 'ok', packed: await engine.anoncrypt(bytes, keys, order.enc) };
}

/** "The sender MUST encrypt to all keys of one type"; a DID may hold points that are unsafe on purpose (R13). */
export const usableKeys = ({ keyAgreement }: DidDocument): readonly PublicKey[] =>
  keyAgreement.filter(
    (key) => key.curve === 'X25519' && agreementCurve(key.curve)?.isSafe(key.publicBytes),
  );

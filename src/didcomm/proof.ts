import { didOf, type Did, type KeyId } from '../did/did.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { Layer } from './engine.ts';
import type { GateReason } from './gate-reason.ts';

/** What the layers of an envelope proved, whatever its content claims. */
export interface Proof {
  readonly encryption: 'authcrypt' | 'anoncrypt' | 'none';
  readonly signed: boolean;
  /** The key of the sender: of authcrypt, else of the signature. */
  readonly senderKid?: KeyId;
  readonly sender?: Did;
  /** Of the authcrypt layer, however that is wrapped. */
  readonly senderTag?: Bytes;
  /** Set when an authcrypt envelope was signed by another DID (R8). */
  readonly otherSigner?: Did;
  readonly recipientKid?: string;
  readonly recipientDid?: Did;
}

export function proofOf(layers: readonly Layer[]): Proof {
  const authcrypt = layers.find((layer) => layer.kind === 'authcrypt');
  const signature = layers.find((layer) => layer.kind === 'signed');
  const encryption = authcrypt ?? layers.find((layer) => layer.kind === 'anoncrypt');
  const senderKid = authcrypt?.senderKid ?? signature?.signerKid;
  const sender = senderKid && didOf(senderKid);
  const signer = signature && didOf(signature.signerKid);
  const recipientKid = encryption?.recipientKid;
  const recipientDid = recipientKid === undefined ? undefined : didOf(recipientKid);
  return {
    encryption: encryption?.kind ?? 'none',
    signed: signature !== undefined,
    ...(senderKid && sender ? { senderKid, sender } : {}),
    ...(authcrypt ? { senderTag: authcrypt.tag } : {}),
    ...(signer && signer !== sender ? { otherSigner: signer } : {}),
    ...(recipientKid !== undefined && recipientDid ? { recipientKid, recipientDid } : {}),
  };
}

/** R2, R3, R5-R8: what the headers `from` and `to` claim must be what was proved. */
export function addressingFault(
  proof: Proof,
  from: string | undefined,
  to: readonly string[] | undefined,
): GateReason | undefined {
  const { encryption, signed, sender, recipientDid } = proof;
  if (proof.otherSigner) return 'two-senders';
  if (encryption === 'authcrypt' && from === undefined) return 'no-from';
  if (encryption === 'authcrypt' && from !== sender) return 'from-skid';
  if (signed && from !== sender) return 'signer';
  if (recipientDid === undefined) return undefined; // a bare JWS is for whoever gets it
  const isForMe = to?.some((did) => didOf(did) === recipientDid);
  // Else somebody could pass on, under a new encryption, what was signed for them ("surreptitious forwarding").
  if (signed && isForMe !== true) return 'surreptitious';
  return isForMe === false ? 'to' : undefined;
}

import { agreementCurve } from '../crypto/agreement.ts';
import { generateAgreementKeys, generateSigningKeys, type OwnKeyPair } from '../crypto/keys.ts';
import type { Did, DidDocument, KeyCurve } from '../did/did.ts';
import { createPeer2 } from '../did/peer2-create.ts';
import type { OwnKey } from '../didcomm/engine.ts';
import { usableKeys } from '../didcomm/pack.ts';
import type { KeyRow } from '../storage/schema.ts';
import type { Vault } from '../storage/vault.ts';
import { agreementKid, otherKid, signingKid } from './own-keys.ts';

/** A DID just made; it exists once its key rows are stored. */
export interface MintedDid {
  readonly did: Did;
  readonly keyRows: readonly KeyRow[];
  /** To write to whom it was made for. */
  readonly agreement: OwnKey;
  readonly signing: OwnKey;
}

/**
 * Makes a fresh pairwise did:peer:2.
 * @param routingDid the mediator's routing DID, where its holder's mail is kept
 * @param recipient for whom it is made, if known: somebody without a key on X25519 needs one of ours on the
 *   curve of theirs
 */
export async function mintDid(
  vault: Vault,
  routingDid: Did,
  recipient?: DidDocument,
): Promise<MintedDid> {
  const [agreement, signing, other] = await Promise.all([
    generateAgreementKeys(),
    generateSigningKeys(),
    recipient && otherKeys(recipient),
  ]);
  const did = createPeer2({
    agreement: agreement.publicBytes,
    signing: signing.publicBytes,
    ...(other ? { other } : {}),
    services: [{ uri: routingDid, accept: ['didcomm/v2'] }],
  });
  const first = { kid: agreementKid(did), privateKey: agreement.privateKey };
  const second = { kid: signingKid(did), privateKey: signing.privateKey };
  const third = other && { kid: otherKid(did), privateKey: other.privateKey };
  const keys = [first, second, ...(third ? [third] : [])];
  return {
    did,
    keyRows: await Promise.all(keys.map((key) => keyRow(vault, key))),
    agreement: third ?? first,
    signing: second,
  };
}

async function otherKeys(
  recipient: DidDocument,
): Promise<(OwnKeyPair & { readonly curve: KeyCurve }) | undefined> {
  const [theirs] = await usableKeys(recipient);
  if (!theirs || theirs.curve === 'X25519') return undefined;
  const { curve } = theirs;
  const points = await agreementCurve(curve);
  return points && { curve, ...(await points.ephemeral()) };
}

async function keyRow(vault: Vault, { kid, privateKey }: OwnKey): Promise<KeyRow> {
  return {
    hKid: await vault.blind('keys', kid),
    wrapped: await vault.wrapPrivateKey(kid, privateKey),
  };
}

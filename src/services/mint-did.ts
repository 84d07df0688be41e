import { generateAgreementKeys, generateSigningKeys } from '../crypto/keys.ts';
import type { Did, KeyId } from '../did/did.ts';
import { createPeer2 } from '../did/peer2-create.ts';
import type { OwnKey } from '../didcomm/engine.ts';
import type { KeyRow } from '../storage/schema.ts';
import type { Vault } from '../storage/vault.ts';
import { agreementKid, signingKid } from './own-dids.ts';

/** A DID just made; it exists once its key rows are stored. */
export interface MintedDid {
  readonly did: Did;
  readonly keyRows: readonly KeyRow[];
  readonly agreement: OwnKey;
  readonly signing: OwnKey;
}

/**
 * Makes a fresh pairwise did:peer:2.
 * @param routingDid the mediator's routing DID, where its holder's mail is kept
 */
export async function mintDid(vault: Vault, routingDid: Did): Promise<MintedDid> {
  const [agreement, signing] = await Promise.all([generateAgreementKeys(), generateSigningKeys()]);
  const did = createPeer2({
    agreement: agreement.publicBytes,
    signing: signing.publicBytes,
    services: [{ uri: routingDid, accept: ['didcomm/v2'] }],
  });
  const keyRows = await Promise.all([
    keyRow(vault, agreementKid(did), agreement.privateKey),
    keyRow(vault, signingKid(did), signing.privateKey),
  ]);
  return {
    did,
    keyRows,
    agreement: { kid: agreementKid(did), privateKey: agreement.privateKey },
    signing: { kid: signingKid(did), privateKey: signing.privateKey },
  };
}

async function keyRow(vault: Vault, kid: KeyId, key: CryptoKey): Promise<KeyRow> {
  return { hKid: await vault.blind('keys', kid), wrapped: await vault.wrapPrivateKey(kid, key) };
}

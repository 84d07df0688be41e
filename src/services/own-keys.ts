import type { Did, KeyId } from '../did/did.ts';
import type { OwnKey } from '../didcomm/engine.ts';
import type { Vault } from '../storage/vault.ts';
import type { OpenWallet } from './wallet.ts';

// What is needed of the keys of our DIDs where one is made, left or signs for its successor.

/** Our did:peer:2 documents list the agreement key first, then the signing key (architecture.md). */
export const agreementKid = (did: Did): KeyId => `${did}#key-1`;
export const signingKid = (did: Did): KeyId => `${did}#key-2`;
/** Of a DID made for a contact that has no key on X25519: on the curve of theirs. */
export const otherKid = (did: Did): KeyId => `${did}#key-3`;

/** @throws Error when a DID of ours has lost its key: a broken device or a bug. */
export async function signingKeyOf(wallet: OpenWallet, did: Did): Promise<OwnKey> {
  const kid = signingKid(did);
  const row = await wallet.db.keys.get(await wallet.vault.blind('keys', kid));
  if (!row) throw new Error('no signing key for a DID of ours');
  return { kid, privateKey: await wallet.vault.unwrapSigningKey(kid, row.wrapped) };
}

/** The blinded kids of a DID's keys, for erasing them. */
export const keyHashesOf = (vault: Vault, did: Did): Promise<string[]> =>
  Promise.all([agreementKid, signingKid, otherKid].map((kid) => vault.blind('keys', kid(did))));

import type { Did, KeyId } from '../did/did.ts';
import { didOf } from '../did/did.ts';
import { findKey } from '../did/key-alias.ts';
import { resolveDid } from '../did/resolve.ts';
import type { OwnKey, Secrets } from '../didcomm/engine.ts';
import { isRefusal } from '../storage/seal.ts';
import type { Vault } from '../storage/vault.ts';
import type { OpenWallet } from './wallet.ts';

/** Our did:peer:2 documents list the agreement key first, then the signing key (architecture.md). */
export const agreementKid = (did: Did): KeyId => `${did}#key-1`;
export const signingKid = (did: Did): KeyId => `${did}#key-2`;

/** @throws Error when a DID of ours has lost its key: a broken device or a bug. */
export async function agreementKeyOf(wallet: OpenWallet, did: Did): Promise<OwnKey> {
  const kid = agreementKid(did);
  const row = await wallet.db.keys.get(await wallet.vault.blind('keys', kid));
  if (!row) throw new Error('no agreement key for a DID of ours');
  return { kid, privateKey: await wallet.vault.unwrapAgreementKey(kid, row.wrapped) };
}

/** @throws Error as `agreementKeyOf`. */
export async function signingKeyOf(wallet: OpenWallet, did: Did): Promise<OwnKey> {
  const kid = signingKid(did);
  const row = await wallet.db.keys.get(await wallet.vault.blind('keys', kid));
  if (!row) throw new Error('no signing key for a DID of ours');
  return { kid, privateKey: await wallet.vault.unwrapSigningKey(kid, row.wrapped) };
}

/** Finds our private key for a recipient kid in any form that peers write it in. */
export const secretsOf = (wallet: OpenWallet): Secrets => ({
  agreementKey: async (recipientKid) => {
    const did = didOf(recipientKid);
    const resolved = did && (await resolveDid(did));
    if (resolved?.kind !== 'ok') return undefined;
    const key = findKey(resolved.document.keyAgreement, recipientKid);
    if (!key) return undefined;
    const row = await wallet.db.keys.get(await wallet.vault.blind('keys', key.kid));
    return row && readable(wallet.vault.unwrapAgreementKey(key.kid, row.wrapped));
  },
});

/** A key that is damaged opens nothing; mail for it must not stop the mail for the others. */
const readable = (unwrapped: Promise<CryptoKey>): Promise<CryptoKey | undefined> =>
  unwrapped.catch((error: unknown) => {
    if (isRefusal(error)) return undefined;
    throw error;
  });

/** The blinded kids of a DID's keys, for erasing them. */
export const keyHashesOf = (vault: Vault, did: Did): Promise<string[]> =>
  Promise.all([vault.blind('keys', agreementKid(did)), vault.blind('keys', signingKid(did))]);

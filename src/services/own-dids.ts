import type { Did, DidDocument, PublicKey } from '../did/did.ts';
import { didOf } from '../did/did.ts';
import { findKey } from '../did/key-alias.ts';
import { resolveDid } from '../did/resolve.ts';
import type { OwnKey, Secrets } from '../didcomm/engine.ts';
import { usableKeys } from '../didcomm/pack.ts';
import { isRefusal } from '../storage/seal.ts';
import type { OpenWallet } from './wallet.ts';

/** The key of ours that fits the recipient, if any: authcrypt takes two of one curve. */
export async function fittingKey(did: Did, recipient: DidDocument): Promise<PublicKey | undefined> {
  const own = await resolveDid(did);
  for (const key of own.kind === 'ok' ? own.document.keyAgreement : [])
    if ((await usableKeys(recipient, key.curve)).length > 0) return key;
  return undefined;
}

/** @throws Error when there is none: a broken device or a bug. */
export async function agreementKeyOf(
  wallet: OpenWallet,
  did: Did,
  recipient: DidDocument,
): Promise<OwnKey> {
  const key = await fittingKey(did, recipient);
  const row = key && (await wallet.db.keys.get(await wallet.vault.blind('keys', key.kid)));
  if (!row) throw new Error('no agreement key of ours fits a contact');
  const { kid, curve } = key;
  return { kid, privateKey: await wallet.vault.unwrapAgreementKey(kid, row.wrapped, curve) };
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
    return row && readable(wallet.vault.unwrapAgreementKey(key.kid, row.wrapped, key.curve));
  },
});

/** A key that is damaged opens nothing; mail for it must not stop the mail for the others. */
const readable = (unwrapped: Promise<CryptoKey>): Promise<CryptoKey | undefined> =>
  unwrapped.catch((error: unknown) => {
    if (isRefusal(error)) return undefined;
    throw error;
  });

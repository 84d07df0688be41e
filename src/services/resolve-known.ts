import type { Did, ResolveDid } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import { contactByTheirDid } from './contacts.ts';
import type { OpenWallet } from './wallet.ts';

/** Resolves what arrives: a DID in its short form by the long one that a contact introduced it by (rules I50, R39). */
export const resolverFor =
  (wallet: OpenWallet): ResolveDid =>
  async (did) => {
    const resolution = await resolveDid(did);
    if (resolution.kind !== 'unsupported') return resolution;
    const { resolverKnowing } = await import('../did/resolve-known.ts');
    const longFormOf = async (short: Did): Promise<Did | undefined> =>
      (await contactByTheirDid(wallet, short))?.payload.theirDid;
    return resolverKnowing(resolveDid, longFormOf)(did);
  };

import type { ResolveDid } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import type { OpenWallet } from './wallet.ts';

/** Resolves what arrives: a DID in its short form by the long one that a contact introduced it by (rules I50, R39). */
export const resolverFor =
  (wallet: OpenWallet): ResolveDid =>
  async (did) => {
    const resolution = await resolveDid(did);
    return resolution.kind === 'unsupported'
      ? (await import('./known-dids.ts')).resolveShort(wallet, did)
      : resolution;
  };

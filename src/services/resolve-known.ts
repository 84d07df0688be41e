import type { Did, ResolveDid } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import type { OpenWallet } from './wallet.ts';

/** Resolves what arrives: what a DID does not say by itself, by what is kept of the contact that has it. */
export const resolverFor =
  (wallet: OpenWallet): ResolveDid =>
  async (did) => {
    const resolution = await resolveDid(did);
    return resolution.kind === 'unsupported'
      ? (await import('./known-dids.ts')).resolveStored(wallet, did as Did)
      : resolution;
  };

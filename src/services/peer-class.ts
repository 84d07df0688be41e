import { didOf, type Did } from '../did/did.ts';
import { resolveDid } from '../did/resolve.ts';
import type { ContactPayload } from '../storage/payloads.ts';

/**
 * Of somebody who shakes hands by Mercury: a cloud agent is reached at an address of its own and reads no chat,
 * a wallet lives behind a mediator and does (rule I40).
 */
export async function mercuryClassOf(did: Did): Promise<ContactPayload['peerClass']> {
  const resolved = await resolveDid(did);
  const services = resolved.kind === 'ok' ? resolved.document.services : [];
  return services.some(({ uri }) => didOf(uri) !== undefined) ? 'basic' : 'agent';
}

/** Grows when the wallet wants to know of another protocol: every contact is asked once for each version. */
export const FEATURES_VERSION = 2;

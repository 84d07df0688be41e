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

/** What this peer does not understand is not said to it: no text, profile or report (rule I40). */
export const isAgent = ({ peerClass }: Pick<ContactPayload, 'peerClass'>): boolean =>
  peerClass === 'agent';

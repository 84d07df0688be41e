import { didOf } from '../did/did.ts';
import type { ContactPayload } from '../storage/payloads.ts';
import { resolveContact } from './contact-document.ts';

/**
 * Of somebody who shakes hands by Mercury: a cloud agent is reached at an address of its own and reads no chat,
 * a wallet lives behind a mediator and does (rule I40).
 */
export async function mercuryClassOf(
  contact: Pick<ContactPayload, 'theirDid' | 'theirDocument'>,
): Promise<ContactPayload['peerClass']> {
  const resolved = await resolveContact(contact);
  const services = resolved.kind === 'ok' ? resolved.document.services : [];
  return services.some(({ uri }) => didOf(uri) !== undefined) ? 'basic' : 'agent';
}
